/** Drawn for this server: 24 by 24, one stroke, readable on light and dark. */
function icon(...shapes: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#7f8794" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes.join('')}</svg>\n`
}

const path = (data: string): string => `<path d="${data}"/>`
const box = '<rect x="3" y="4" width="18" height="16" rx="2"/>'

/** Icons that templates and apps of ours name, by their file under `/icon/`. */
export const icons: ReadonlyMap<string, string> = new Map([
  ['code.svg', icon(path('M8 8l-4 4 4 4'), path('M16 8l4 4-4 4'), path('M13.5 6l-3 12'))],
  [
    'database.svg',
    icon(
      '<ellipse cx="12" cy="6" rx="8" ry="3"/>',
      path('M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6'),
      path('M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3'),
    ),
  ],
  ['desktop.svg', icon('<rect x="3" y="4" width="18" height="12" rx="2"/>', path('M8 20h8M12 16v4'))],
  ['folder.svg', icon(path('M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z'))],
  [
    'git.svg',
    icon(
      '<circle cx="7" cy="6" r="2"/>',
      '<circle cx="7" cy="18" r="2"/>',
      '<circle cx="17" cy="9" r="2"/>',
      path('M7 8v8M17 11c0 3-4 3-10 5'),
    ),
  ],
  ['intellij.svg', icon(box, path('M8 8h3M9.5 8v5M8 13h3M14 8h2v4a1 1 0 0 1-2 1M8 17h4'))],
  ['memory.svg', icon('<rect x="3" y="7" width="18" height="9" rx="1"/>', path('M7 16v3M12 16v3M17 16v3'))],
  ['terminal.svg', icon(box, path('M7 9l3 3-3 3M12.5 15H17'))],
])
