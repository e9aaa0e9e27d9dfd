/**
 * All code of a page: it filters, sorts and opens the rows of `table.rows`. A row is a `tbody`; it is sorted and
 * filtered by its `data-*` attributes. A filter names one attribute in its `data-key`. An attribute may have several
 * values, one per
 * line. Without this code the page shows every row and every detail.
 */
export const SCRIPT = `
(() => {
  const root = document.documentElement, table = document.querySelector('table.rows');
  if (!table) return;
  root.classList.add('js');
  const rows = [...table.tBodies], text = document.querySelector('.filters input');
  const selects = [...document.querySelectorAll('.filters select')], shown = document.getElementById('shown');
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = (!wanted || row.textContent.toLowerCase().includes(wanted)) &&
        selects.every(({ value, dataset }) => !value || row.dataset[dataset.key].split('\\n').includes(value));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = count + ' of ' + rows.length;
  };
  for (const input of [text, ...selects]) input.addEventListener('input', filter);
  table.addEventListener('click', (event) => {
    const opener = event.target.closest('.open-row');
    if (opener) {
      const body = opener.closest('tbody');
      if (body.classList.contains('has')) opener.setAttribute('aria-expanded', String(body.classList.toggle('open')));
      return;
    }
    const head = event.target.closest('th[data-key]');
    if (!head) return;
    const up = head.getAttribute('aria-sort') !== 'ascending', key = head.dataset.key, isNumber = head.classList.contains('n');
    for (const other of table.tHead.querySelectorAll('th')) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const order = (a, b) => isNumber ? a.dataset[key] - b.dataset[key]
      : a.dataset[key].localeCompare(b.dataset[key], 'en', { numeric: true });
    rows.sort((a, b) => (up ? 1 : -1) * order(a, b));
    table.append(...rows);
  });
  filter();
})();
`;
