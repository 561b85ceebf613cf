import type { Chat } from '#bridge/contract/chats'
import type { UserSkillMetadata } from '#bridge/contract/user-skills'
import { plainText } from '../../../lib/plain-text.ts'
import type { SlashCommand } from './use-suggestions.ts'

/** More than one looks through. */
const shownAtMost = 100
/** What can be typed after the slash. */
const typable = /^[A-Za-z0-9][\w.-]{0,63}$/

/** The skills of a chat's workspace: choosing one begins the message with its name, which the agent understands. */
export function skillCommands({ context }: Pick<Chat, 'context'>): readonly SlashCommand[] {
  const names = new Set<string>()
  return (context?.resources ?? [])
    .flatMap(
      ({ kind, status, skill_name: name = '', skill_description: description = '' }): SlashCommand[] => {
        if (kind !== 'skill' || status !== 'ok' || !typable.test(name) || names.has(name)) return []
        names.add(name)
        return [skillCommand(name, description, 'Skill of the workspace')]
      },
    )
    .slice(0, shownAtMost)
}

/**
 * The commands with the user’s own skills among them. Agents take those before others of the same name; a command that
 * does something by itself stays what it is.
 */
export function withOwnSkills(
  commands: readonly SlashCommand[],
  skills: readonly UserSkillMetadata[],
): readonly SlashCommand[] {
  const own = skills
    .filter(({ name }) => typable.test(name))
    .slice(0, shownAtMost)
    .map(({ name, description }) => skillCommand(name, description, 'Skill of yours'))
  // Of those with the same name the first is offered.
  return [
    ...commands.filter((command) => !('text' in command)),
    ...own,
    ...commands.filter((command) => 'text' in command),
  ]
}

function skillCommand(name: string, description: string, otherwise: string): SlashCommand {
  const shown = plainText(description.replaceAll(/\s+/g, ' ').trim(), 160)
  return { name, description: shown === '' ? otherwise : shown, text: `/${name} ` }
}
