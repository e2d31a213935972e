// Every text that paper must hold: cells, headings, paragraphs, steps, the texts of drawings.
() => [...document.querySelectorAll("main :is(td, th, h2, h3, li, p:not(.downloads, .nothing), figcaption, text)")]
  .map((one) => ({ text: one.textContent })).filter((one) => one.text.trim())
