// Judges texts beside ours by the page's rules; a line for each with the verdict, the share and the places that differ.
const { rules, asked } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { read } = checker({ rules });
for (const [theirs, ours] of asked) {
  const { verdict, share, differences } = judge(read(theirs), read(ours), rules);
  console.log(JSON.stringify([verdict, ["same", "letters", "marks", "excerpt"].includes(verdict) ? 1 : share, verdict === "unknown" ? 0 : differences.length]));
}
