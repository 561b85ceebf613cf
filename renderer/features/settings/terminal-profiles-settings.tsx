import { useState, type SyntheticEvent } from 'react'
import type { TerminalProfile } from '#ipc/settings'
import { terminalCommandPattern, terminalProfileLimits } from '#ipc/terminal-profile-limits'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { PencilIcon, PlusIcon, Trash2Icon } from '../../ui/icons.tsx'
import { Input } from '../../ui/input.tsx'
import { toast } from '../../ui/toast-store.ts'

export interface TerminalProfilesSettingsProps {
  readonly profiles: readonly TerminalProfile[]
  readonly onChange: (profiles: readonly TerminalProfile[]) => void
}

/** The user's ways to start a terminal: a name, and what runs in place of the login shell. */
export function TerminalProfilesSettings({ profiles, onChange }: TerminalProfilesSettingsProps) {
  const [edited, setEdited] = useState<TerminalProfile | 'new'>()
  const close = (): void => setEdited(undefined)
  const save = (before: TerminalProfile | 'new', next: TerminalProfile): void => {
    onChange(before === 'new' ? [...profiles, next] : profiles.map((each) => (each === before ? next : each)))
    close()
  }
  const remove = (profile: TerminalProfile): void => {
    onChange(profiles.filter((each) => each !== profile))
    toast({
      key: `profile-${profile.name}`,
      title: `The profile ${profile.name} is removed`,
      action: { label: 'Undo', onSelect: () => onChange(profiles) },
    })
  }
  const takenBy = (profile: TerminalProfile | 'new') =>
    new Set(profiles.filter((each) => each !== profile).map(({ name }) => name))
  return (
    <section aria-label="Profiles" className="flex flex-col gap-2 px-3.5 py-3">
      <div className="flex items-center gap-6">
        <div className="min-w-0 flex-1">
          <div className="font-medium">Profiles</div>
          <div className="text-sm text-fg-3">
            Commands to open a terminal with, in place of the login shell.
          </div>
        </div>
        <Button
          variant="ghost"
          icon={<PlusIcon />}
          disabled={edited !== undefined || profiles.length >= terminalProfileLimits.profiles}
          onClick={() => setEdited('new')}
        >
          Add profile
        </Button>
      </div>
      {profiles.length === 0 ? null : (
        <ul>
          {profiles.map((profile) => (
            <li key={profile.name} className="flex min-h-9 items-center gap-3">
              {profile === edited ? (
                <ProfileForm
                  profile={profile}
                  taken={takenBy(profile)}
                  onSave={(next) => save(profile, next)}
                  onCancel={close}
                />
              ) : (
                <>
                  <span className="w-40 cut flex-none">{profile.name}</span>
                  <code className="cut min-w-0 flex-1 font-mono text-sm text-fg-2">{profile.command}</code>
                  <IconButton
                    size="sm"
                    label={`Change ${profile.name}`}
                    icon={<PencilIcon />}
                    onClick={() => setEdited(profile)}
                  />
                  <IconButton
                    size="sm"
                    label={`Remove ${profile.name}`}
                    icon={<Trash2Icon />}
                    onClick={() => remove(profile)}
                  />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {edited === 'new' ? (
        <ProfileForm taken={takenBy('new')} onSave={(next) => save('new', next)} onCancel={close} />
      ) : null}
    </section>
  )
}

interface ProfileFormProps {
  readonly profile?: TerminalProfile
  readonly taken: ReadonlySet<string>
  readonly onSave: (profile: TerminalProfile) => void
  readonly onCancel: () => void
}

function problemsOf({ name, command }: TerminalProfile): ReadonlySet<keyof TerminalProfile> {
  const isName = name !== '' && name.length <= terminalProfileLimits.name
  const isCommand = command !== '' && command.length <= terminalProfileLimits.command
  return new Set([
    ...(isName ? [] : (['name'] as const)),
    ...(isCommand && terminalCommandPattern.test(command) ? [] : (['command'] as const)),
  ])
}

function ProfileForm({ profile, taken, onSave, onCancel }: ProfileFormProps) {
  const [typed, setTyped] = useState<TerminalProfile>(profile ?? { name: '', command: '' })
  const [wasSubmitted, setWasSubmitted] = useState(false)
  const entered = { name: typed.name.trim(), command: typed.command.trim() }
  const isTaken = taken.has(typed.name.trim())
  const problems = problemsOf(entered)
  const nameError = isTaken
    ? 'Another profile has this name.'
    : problems.has('name')
      ? 'From 1 to 40 characters.'
      : undefined
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    setWasSubmitted(true)
    if (problems.size === 0 && !isTaken) onSave(entered)
  }
  return (
    <form className="flex min-w-0 flex-1 items-start gap-3" onSubmit={submit}>
      <Field
        hideLabel
        label="Name of the profile"
        className="w-40 flex-none"
        error={isTaken || wasSubmitted ? nameError : undefined}
      >
        <Input
          autoFocus
          size="md"
          placeholder="Name"
          value={typed.name}
          onChange={(event) => setTyped({ ...typed, name: event.target.value })}
        />
      </Field>
      <Field
        hideLabel
        label="Command of the profile"
        className="min-w-0 flex-1"
        error={wasSubmitted && problems.has('command') ? 'One line, e.g. tmux new -A -s main.' : undefined}
      >
        <Input
          size="md"
          placeholder="tmux new -A -s main"
          value={typed.command}
          onChange={(event) => setTyped({ ...typed, command: event.target.value })}
        />
      </Field>
      <Button type="submit" variant="primary">
        Save
      </Button>
      <Button onClick={onCancel}>Cancel</Button>
    </form>
  )
}
