// Asks the page's code about a record in a folder; one line for each question.
const { rules, site, asked, note } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const get = async (path) => new Uint8Array(readFileSync(`${site}/${path}`));
for (const [key, how, what] of asked) {
  try {
    const { verdict, colour, differences } = await checker({ rules, keys: [key], get })[how](what);
    console.log(verdict, colour, JSON.stringify(differences));
  } catch (error) {
    console.log("refused", error.message);
  }
}
const gap = note.lastIndexOf("\n\n"), text = text8.encode(note.slice(0, gap + 1));
const signature = bytesOf(note.slice(gap + 2).trim().split(" ")[2]).slice(4);
const key = bytesOf(asked[0][0].split("+").slice(2).join("+")).slice(1);
const spoilt = signature.map((each, at) => (at === 40 ? each ^ 1 : each));
console.log(await verifiedByHand(key, signature, text), await verifiedByHand(key, signature, text8.encode("other")), await verifiedByHand(key, spoilt, text));
