/** A template's README without its front matter, which is for the registry and not for readers. */
export function readmeText(readme: string): string {
  return readme.replace(/^\uFEFF?---\r?\n[\s\S]*?\r?\n---\r?\n/, '').trim()
}
