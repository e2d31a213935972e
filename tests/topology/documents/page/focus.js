// What has the focus: what it is, whether an outline marks it, whether it is within the window.
() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return [{
    tag: one.tagName.toLowerCase(), id: one.id, href: one.getAttribute("href") || "",
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.width > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.top < innerHeight,
  }];
}
