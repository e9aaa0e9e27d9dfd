/**
 * All code of a page: it filters, sorts, groups and opens the rows of `table.rows`. A row is a `tbody`. A filter names
 * one attribute of rows in its `data-key`; an attribute may have several values, one per line. A button with `data-set`
 * sets a filter. Without this code the page shows every row and every detail.
 */
export const SCRIPT = `
(() => {
  const root = document.documentElement, table = document.querySelector('table.rows');
  if (!table) return;
  root.classList.add('js');
  const rows = [...table.tBodies], text = document.querySelector('.filters input');
  const selects = [...document.querySelectorAll('.filters select[data-key]')], shown = document.getElementById('shown');
  const by = document.querySelector('.filters select.by'), all = document.querySelector('.filters .all');
  const opened = new Set(), texts = new Map();
  let limit = Number(table.dataset.limit) || Infinity;
  const textOf = (row) => texts.get(row) ?? texts.set(row, row.textContent.toLowerCase()).get(row);
  const element = (name, className, content) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = content;
    return made;
  };
  const group = (fitting, key) => {
    const groups = new Map();
    for (const row of fitting) {
      const value = row.dataset[key].split('\\n')[0] || '(none)';
      groups.set(value, [...(groups.get(value) ?? []), row]);
    }
    for (const [value, members] of [...groups].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
      const states = new Map(), isOpen = opened.has(value);
      for (const { dataset } of members) states.set(dataset.state, (states.get(dataset.state) ?? 0) + 1);
      const head = element('tbody', 'head', ''), cell = head.insertRow().insertCell();
      const button = element('button', 'open-group', value);
      button.type = 'button';
      button.setAttribute('aria-expanded', String(isOpen));
      button.addEventListener('click', () => {
        if (!opened.delete(value)) opened.add(value);
        update();
      });
      cell.colSpan = table.tHead.rows[0].cells.length;
      cell.append(button, element('span', 'soft', members.length + ': ' + [...states].map(([state, count]) => count + ' ' + state).join(', ')));
      for (const row of members) row.hidden = !isOpen;
      table.append(head, ...members);
    }
  };
  const update = () => {
    for (const head of table.querySelectorAll('tbody.head')) head.remove();
    const wanted = text.value.trim().toLowerCase(), key = by ? by.value : '';
    const fitting = rows.filter((row) => {
      const fits = (!wanted || textOf(row).includes(wanted)) &&
        selects.every(({ value, dataset, selectedIndex }) => selectedIndex === 0 || row.dataset[dataset.key].split('\\n').includes(value));
      row.hidden = !fits;
      row.classList.remove('over');
      return fits;
    });
    shown.textContent = fitting.length + ' of ' + rows.length;
    if (all) all.hidden = key !== '' || fitting.length <= limit;
    if (key) group(fitting, key);
    else for (const row of fitting.slice(limit)) row.classList.add('over');
  };
  for (const input of [text, ...selects]) input.addEventListener('input', update);
  by?.addEventListener('input', () => {
    if (!by.value) table.append(...rows);
    update();
  });
  all?.addEventListener('click', () => {
    limit = Infinity;
    update();
  });
  document.addEventListener('click', ({ target }) => {
    const setter = target.closest('[data-set]');
    if (!setter) return;
    const { set, value } = setter.dataset;
    for (const { dataset, options } of selects)
      (dataset.key === set && [...options].findLast((option) => option.value === value) || options[0]).selected = true;
    text.value = '';
    update();
    document.getElementById('services')?.scrollIntoView();
  });
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
    const valueOf = (row) => row.dataset[key] ?? row.rows[0].cells[head.cellIndex].textContent;
    const order = (a, b) => isNumber ? valueOf(a) - valueOf(b) : valueOf(a).localeCompare(valueOf(b), 'en', { numeric: true });
    rows.sort((a, b) => (up ? 1 : -1) * order(a, b));
    table.append(...rows);
    update();
  });
  update();
})();
`;
