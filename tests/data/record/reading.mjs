// Reads texts by the page's rules and says how many it saw otherwise than the bot.
const { rules, vectors } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const read = reading(rules);
let wrong = 0;
for (const { text, words, gaps, links, sentences } of vectors) {
  const own = read(text);
  const found = [own.words.map(({ key, plain }) => [key, plain]), own.gaps, own.links, sentencesOf(own, rules.patterns.ends)];
  if (JSON.stringify(found) !== JSON.stringify([words, gaps, links, sentences])) {
    wrong += 1;
    console.error(text, JSON.stringify(found));
  }
}
console.log(vectors.length, wrong);
