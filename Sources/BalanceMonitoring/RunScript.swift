/// Loads a run's page again while the run goes on, where it was: scrolled, sorted, filtered and
/// unfolded as the reader left it, and not while something is being typed. Without scripts a tag in
/// the page's head does it.
enum RunScript {
  static let text = """
    const place = 'balance:' + location.pathname;
    const save = () => {
      const state = {
        y: scrollY,
        open: [...document.querySelectorAll('details')].map(part => part.open),
        filters: [...document.querySelectorAll('input[data-filter]')].map(input => input.value),
        sorts: [...document.querySelectorAll('table.classes')].map(table => {
          const heads = [...table.tHead.rows[0].cells];
          const column = heads.findIndex(head => head.hasAttribute('aria-sort'));
          return column < 0 ? null : [column, heads[column].getAttribute('aria-sort')];
        }),
      };
      try { sessionStorage.setItem(place, JSON.stringify(state)); } catch {}
    };
    const restore = () => {
      let state = null;
      try { state = JSON.parse(sessionStorage.getItem(place)); } catch {}
      if (!state) return;
      document.querySelectorAll('details').forEach((part, index) => {
        part.open = Boolean(state.open[index]);
      });
      document.querySelectorAll('input[data-filter]').forEach((input, index) => {
        input.value = state.filters[index] || '';
        if (input.value) input.dispatchEvent(new Event('input'));
      });
      document.querySelectorAll('table.classes').forEach((table, index) => {
        const sort = state.sorts[index];
        const head = sort && table.tHead.rows[0].cells[sort[0]];
        if (!head) return;
        for (let i = 0; i < 2 && head.getAttribute('aria-sort') !== sort[1]; i += 1) {
          head.querySelector('button').click();
        }
      });
      scrollTo(0, state.y);
    };
    restore();
    addEventListener('pagehide', save);
    const seconds = Number(document.body.dataset.refresh);
    if (seconds) {
      setInterval(() => {
        const isTyping = document.activeElement instanceof HTMLInputElement;
        if (!document.hidden && !isTyping) location.reload();
      }, 1000 * seconds);
      document.getElementById('overdue').hidden =
        Date.now() < Number(document.body.dataset.overdue);
    }
    """
}
