// Follows every link of the contents: whether the title it leads to stands uncovered, and whether a list stays open.
() => [...document.querySelectorAll("nav li a")].map((link) => {
  link.closest("details").open = true;
  link.click();
  const href = link.getAttribute("href"), title = document.querySelector(`${href}-title`);
  const box = title.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + 6, box.top + box.height / 2);
  return { href, uncovered: top !== null && title.contains(top), open: link.closest("details").open };
})
