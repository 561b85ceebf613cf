import { fuzzyMatch } from '../../../lib/fuzzy.ts'
import type { Command } from '../../../lib/commands/command-store.ts'

/** A command that fits, with the letters that matched in its title. */
export interface PaletteHit {
  readonly command: Command
  readonly ranges: readonly (readonly [number, number])[]
}

/** Hits under one heading. */
export interface PaletteGroup {
  readonly title: string
  readonly hits: readonly PaletteHit[]
}

const shownAtMost = 60
const recentTitle = 'Recent'

/** What the palette shows: recent ones first while nothing is typed, else the best match and its group first. */
export function paletteResults(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
): readonly PaletteGroup[] {
  const unique = [...new Map(commands.map((command) => [command.id, command])).values()]
  if (query.trim() === '') return atRest(unique, recent)
  const hits = unique
    .flatMap((command) => {
      const inTitle = fuzzyMatch(query, command.title)
      if (inTitle)
        return [{ command, ranges: inTitle.ranges, score: inTitle.score + recentBonus(command, recent) }]
      // Beside the title whole words must be there: letters scattered over a long text match nearly anything.
      if (hasAllWords(command, query)) return [{ command, ranges: [], score: 0 }]
      return []
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, shownAtMost)
  return grouped(hits)
}

function hasAllWords(command: Command, query: string): boolean {
  const text =
    `${command.group} ${command.title} ${command.keywords ?? ''} ${command.detail ?? ''}`.toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function recentBonus(command: Command, recent: readonly string[]): number {
  return recent.includes(command.id) ? 4 : 0
}

function atRest(commands: readonly Command[], recent: readonly string[]): readonly PaletteGroup[] {
  const byId = new Map(commands.map((command) => [command.id, command]))
  const remembered = recent.flatMap((id) => byId.get(id) ?? [])
  const rest = commands.filter((command) => !recent.includes(command.id)).slice(0, shownAtMost)
  const groups = grouped(rest.map((command) => ({ command, ranges: [] })))
  if (remembered.length === 0) return groups
  return [{ title: recentTitle, hits: remembered.map((command) => ({ command, ranges: [] })) }, ...groups]
}

function grouped(hits: readonly PaletteHit[]): readonly PaletteGroup[] {
  const groups = new Map<string, PaletteHit[]>()
  for (const hit of hits) {
    const members = groups.get(hit.command.group)
    if (members) members.push(hit)
    else groups.set(hit.command.group, [hit])
  }
  return [...groups].map(([title, members]) => ({ title, hits: members }))
}
