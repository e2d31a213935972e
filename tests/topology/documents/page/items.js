// What the search can find, each with the kind of its section, its text and whether it shows now.
() => [...document.querySelectorAll("main > section:not(#revisions)")].flatMap((section) => {
  const kind = ["drawing", "manual"].find((name) => section.classList.contains(name)) || "table";
  const parts = { drawing: "figure", manual: "tbody tr, li, p:not([class])", table: "tbody tr" }[kind];
  return [...section.querySelectorAll(parts)].map((item) => {
    const cells = [...item.querySelectorAll("text, td, figcaption")].map((one) => one.textContent);
    return { kind, text: cells.join(" ") || item.textContent, shown: item.getClientRects().length > 0 };
  });
})
