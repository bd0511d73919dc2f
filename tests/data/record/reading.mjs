// Reads texts by the page's rules and says how many it saw otherwise than the bot.
const { rules, vectors } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { read, addressOf } = checker({ rules });
let wrong = 0;
for (const { text, words, gaps, links, addresses, sentences, whole } of vectors) {
  const own = read(text);
  const found = [own.words.map(({ key, plain }) => [key, plain]), own.gaps, own.links, own.links.map(addressOf), sentencesOf(own, rules), own.whole];
  if (JSON.stringify(found) !== JSON.stringify([words, gaps, links, addresses, sentences, whole])) {
    wrong += 1;
    console.error(text, JSON.stringify(found));
  }
}
console.log(vectors.length, wrong);
