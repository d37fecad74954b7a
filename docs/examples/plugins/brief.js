#!/usr/bin/env node
// A plugin: is the reply brief? Reads one JSON question a line, writes one JSON verdict a line, until stdin ends.
const lines = require("readline").createInterface({input: process.stdin});

lines.on("line", (line) => {
  const {id, reply, options} = JSON.parse(line);
  const words = reply.text.split(/\s+/).filter((word) => word !== "").length;
  const verdict = {id, pass: words <= options.words, score: Math.min(1, options.words / Math.max(words, 1)),
                   reason: `${words} words, ${options.words} are allowed`};
  process.stdout.write(JSON.stringify(verdict) + "\n");
});
