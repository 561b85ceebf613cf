/** The text of a version's section in the change log, without its heading; nothing when there is none. */
export function releaseNotes(changelog: string, version: string): string | undefined {
  const lines = changelog.split('\n')
  const start = lines.findIndex((line) => line === `## ${version}` || line.startsWith(`## ${version} `))
  if (start === -1) return undefined
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '))
  return lines
    .slice(start + 1, length === -1 ? undefined : start + 1 + length)
    .join('\n')
    .trim()
}

/** Says why a tag cannot be released; nothing when it can. */
export function findTagFault(tag: string, version: string, changelog: string): string | undefined {
  if (tag !== `v${version}`)
    return `The tag is ${tag}, but package.json says ${version}: it must be v${version}.`
  if (!releaseNotes(changelog, version)) return `CHANGELOG.md says nothing about ${version}.`
  return undefined
}
