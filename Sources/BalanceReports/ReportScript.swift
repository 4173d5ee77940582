/// Sorting and filtering of class tables, and unfolding for print. Everything can be read without.
package enum ReportScript {
  package static let text = """
    'use strict';
    for (const table of document.querySelectorAll('table.classes')) {
      const body = table.tBodies[0];
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, column) => {
        const kind = head.dataset.sort;
        if (!kind) return;
        const button = document.createElement('button');
        button.type = 'button';
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener('click', () => {
          const now = head.getAttribute('aria-sort');
          const up = now ? now === 'descending' : kind === 'text' || column === 5;
          heads.forEach(other => other.removeAttribute('aria-sort'));
          head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
          const key = row => {
            const cell = row.cells[column];
            return kind === 'num' ? Number(cell.dataset.v) : cell.textContent;
          };
          const order = new Intl.Collator(undefined, {numeric: true});
          const rows = [...body.rows].map((row, index) => [key(row), index, row]);
          rows.sort((a, b) => {
            const c = kind === 'num' ? a[0] - b[0] : order.compare(a[0], b[0]);
            return (up ? c : -c) || a[1] - b[1];
          });
          body.append(...rows.map(entry => entry[2]));
        });
      });
    }
    for (const input of document.querySelectorAll('input[data-filter]')) {
      const rows = [...document.getElementById(input.dataset.filter).tBodies[0].rows];
      const box = input.closest('.filter');
      const status = box.querySelector('[role=status]');
      box.hidden = false;
      input.addEventListener('input', () => {
        const wanted = input.value.toLowerCase();
        let shown = 0;
        for (const row of rows) {
          row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
          if (!row.hidden) shown += 1;
        }
        status.textContent = shown + ' of ' + rows.length + ' classes shown';
      });
    }
    const folded = [];
    addEventListener('beforeprint', () => {
      for (const part of document.querySelectorAll('details:not([open])')) {
        part.open = true;
        folded.push(part);
      }
    });
    addEventListener('afterprint', () => { while (folded.length) folded.pop().open = false; });
    """
}
