// Lays texts beside a version by the page's rules; a line for each with its colour, and what became of the version.
const { rules, document, entry, asked, entries } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const { compared } = checker({ rules });
for (const text of asked) console.log(colourOf({ ...compared(text, document), entry, entries: [entry] }));
for (const each of entries) console.log(standingOf({ entry, entries: each }));
