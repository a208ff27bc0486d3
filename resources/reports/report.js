(function () {
  var search = document.getElementById("search");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#rows tbody tr"));
  var texts = null;
  var due = 0;
  function show() {
    if (!texts) texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    rows.forEach(function (row, place) {
      row.hidden = !words.every(function (word) { return texts[place].indexOf(word) >= 0; });
    });
  }
  search.hidden = false;
  search.addEventListener("input", function () {
    clearTimeout(due);
    due = setTimeout(show, 150);
  });
})();
