/** Reads a CSV after RFC 4180, strictly: a stray quote or a short row throws. Answers one object per row, by its titles. */
export function parseCsv(text: string): Record<string, string>[] {
  const [titles = [], ...rows] = recordsOf(text.replace(/^\uFEFF/, ''));
  return rows.map((row) => {
    if (row.length !== titles.length) throw new Error(`a row of ${row.length} cells under ${titles.length} titles`);
    return Object.fromEntries(titles.map((title, at) => [title, row[at] ?? '']));
  });
}

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new Error('a quote that never ends');
        value += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        value += '"';
        at += 1;
      }
    } else {
      const plain = /[^",\r\n]*/y;
      plain.lastIndex = at;
      value = plain.exec(text)?.[0] ?? '';
      at += value.length;
    }
    cells.push(value);
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      records.push(cells);
      cells = [];
    } else throw new Error(`unexpected ${JSON.stringify(text.slice(at, at + 10))} at ${at}`);
  }
  return records;
}
