// Every link with where it leads, whether that is one thing that shows, and whether the list of contents has it.
() => [...document.querySelectorAll("a[href]")].map((link) => {
  const href = link.getAttribute("href");
  const target = href.startsWith("#") && document.getElementById(decodeURIComponent(href.slice(1)));
  return { href, shown: Boolean(target && target.getClientRects().length), contents: link.closest("nav") !== null };
})
