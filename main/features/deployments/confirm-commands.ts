/** Commands run as the user, so it is the user who says so, in a dialog that no page can press. */
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { Desktop } from '../../ports/desktop.ts'

/** Asks about each command that was not agreed to yet. @throws {ProcedureError} `command_refused` */
export type ConfirmCommands = (
  host: string,
  commands: readonly string[],
  known: readonly string[],
) => Promise<void>

/** What is long is cut in the dialog, which says so: nobody agrees to what they cannot see. */
const shownChars = 1500
/** Controls, line breaks, characters that reorder or hide others: the dialog would not show what is run. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u

export function createConfirmCommands(desktop: Pick<Desktop, 'ask'>): ConfirmCommands {
  const agreed = new Set<string>()
  return async (host, commands, known) => {
    for (const command of commands) {
      if (command === '' || known.includes(command) || agreed.has(command)) continue
      if (command.length > shownChars || invisible.test(command)) throw unreadable()
      const answer = await desktop.ask({
        message: `Run this command for ${host}?`,
        detail: `Outpost runs it with your rights on this computer whenever it connects:\n\n${command}`,
        buttons: ['Run it', 'Cancel'],
        cancel: 1,
      })
      if (answer !== 0)
        throw new ProcedureError('command_refused', 'Nothing was saved: the command was not confirmed.')
      agreed.add(command)
    }
  }
}

function unreadable(): ProcedureError {
  return new ProcedureError(
    'network_unusable',
    `A command may have ${String(shownChars)} characters, and none that cannot be seen. Put it into a script and enter the script.`,
  )
}
