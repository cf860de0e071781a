/* Lists that are searched, filtered and sorted on the page: a form with data-filters="id" acts
   on the rows of the table with that id, or on the elements within it. */
(function () {
  "use strict";
  var all = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };
  function filtered(form) {
    var table = document.getElementById(form.dataset.filters);
    if (!table) return;
    var rows = all("[data-row], tbody tr", table);
    var search = form.querySelector("[data-search]");
    var selects = all("select[data-filter]", form);
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var count = document.querySelector('[data-count="' + form.dataset.filters + '"]');
    function update() {
      var words = search ? search.value.trim().toLowerCase().split(/\s+/) : [];
      var shown = 0;
      rows.forEach(function (row, place) {
        var fits = words.every(function (word) { return texts[place].indexOf(word) >= 0; }) &&
          selects.every(function (one) { return !one.value || row.dataset[one.dataset.filter] === one.value; });
        row.hidden = !fits;
        if (fits) shown += 1;
      });
      if (count) count.textContent = document.documentElement.lang === "en" ? shown + " of " + rows.length : shown + " / " + rows.length;
    }
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    document.addEventListener("govindex:language", update);
    update();
  }
  // Hidden rows are printed: paper cannot be asked for the rest.
  document.addEventListener("DOMContentLoaded", function () {
    all("form[data-filters]").forEach(filtered);
    window.addEventListener("beforeprint", function () { all("details").forEach(function (one) { one.open = true; }); });
  });
})();
