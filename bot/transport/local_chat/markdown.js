"use strict";
/* The little Markdown that cards use: bold, italics, links, lists, lines. Everything else stays text. */
function markdown(source) {
  const held = [];
  const hold = (html) => `\u0000${held.push(html) - 1}\u0000`;
  const escape = (text) => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  const inline = (text) => escape(text)
    .replace(/\*\*([^*\n]+)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[^\w*])\*([^*\n]+)\*(?!\w)/g, "$1<em>$2</em>")
    .replace(/(^|[^\w_])_([^_\n]+)_(?!\w)/g, "$1<em>$2</em>");
  const text = source.replace(/\u0000/g, "")
    .replace(/\\([\\`*_{}[\]()#+\-.!>~|])/g, (_, mark) => hold(escape(mark)))
    .replace(/\[([^[\]\n]+)\]\((https?:\/\/[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)/g, (_, label, url) =>
      hold(`<a href="${escape(url)}" target="_blank" rel="noopener noreferrer">`) + label + hold("</a>"));
  const blocks = [];
  for (const line of text.split(/\r?\n/)) {
    const item = /^\s*(?:[-*]|(\d{1,3})[.)])\s+(.*)$/.exec(line);
    const kind = item ? (item[1] ? "ol" : "ul") : line.trim() ? "p" : "";
    const last = blocks.at(-1);
    if (kind && last?.kind === kind) last.lines.push(inline(item ? item[2] : line));
    else blocks.push({ kind, start: item?.[1], lines: kind ? [inline(item ? item[2] : line)] : [] });
  }
  return blocks.filter((block) => block.kind).map(({ kind, start, lines }) =>
    kind === "p" ? `<p>${lines.join("<br>")}</p>`
      : `<${kind}${start && start !== "1" ? ` start="${start}"` : ""}>${lines.map((line) => `<li>${line}</li>`).join("")}</${kind}>`,
  ).join("").replace(/\u0000(\d+)\u0000/g, (_, index) => held[index]);
}
if (typeof module !== "undefined") module.exports = { markdown };
