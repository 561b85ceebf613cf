import type { ChatPreferences } from '#ipc/own-agents'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Failure } from '../ai-models/index.ts'
import { SettingRow } from '../settings/index.ts'
import { sendKeyName, useSendKey } from './send-key.ts'
import { usePreferences, useSetPreference } from './use-preferences.ts'

type DisplayPreference = Exclude<keyof ChatPreferences, 'agent_chat_send_shortcut'>
type Mode = NonNullable<ChatPreferences['thinking_display_mode']>

const open = { value: 'always_expanded', label: 'Always open' } as const
const folded = { value: 'always_collapsed', label: 'Always folded' } as const

interface Choice {
  readonly name: DisplayPreference
  readonly label: string
  readonly help: string
  readonly options: readonly { readonly value: Mode; readonly label: string }[]
}

const choices: readonly Choice[] = [
  {
    name: 'thinking_display_mode',
    label: 'What a model thought',
    help: 'Automatic folds it.',
    options: [
      { value: 'auto', label: 'Automatic' },
      { value: 'preview', label: 'First lines' },
      open,
      folded,
    ],
  },
  {
    name: 'shell_tool_display_mode',
    label: 'Commands and their output',
    help: 'Automatic shows the first lines.',
    options: [{ value: 'auto', label: 'Automatic' }, open, folded],
  },
  {
    name: 'code_diff_display_mode',
    label: 'Changes of files',
    help: 'Automatic shows the first lines.',
    options: [{ value: 'auto', label: 'Automatic' }, open, folded],
  },
]

/** How conversations look, as far as the deployment keeps that, and which key sends. */
export function DisplaySettings({ deploymentId }: { readonly deploymentId: string }) {
  const told = usePreferences(deploymentId)
  const set = useSetPreference(deploymentId)
  if (told.isPending) return <SkeletonRows rows={3} label="Loading your preferences" />
  if (told.isError)
    return (
      <Failure
        title="Your preferences cannot be shown"
        error={told.error}
        isRetrying={told.isFetching}
        onRetry={() => void told.refetch()}
      />
    )
  const shown = choices.filter(({ name }) => told.data?.[name] !== undefined)
  return (
    <>
      {shown.length === 0 ? null : (
        <Card title="Conversations" flush>
          {shown.map(({ name, label, help, options }) => {
            const value = told.data?.[name]
            return (
              <SettingRow key={name} label={label} help={help}>
                <div className="w-[160px]">
                  <Select<Mode>
                    aria-label={label}
                    size="md"
                    options={options}
                    value={options.find((option) => option.value === value)?.value ?? null}
                    placeholder="Another choice"
                    onChange={(next) => {
                      if (next !== value) set(name, next as never, `${label}: ${wordsOf(options, next)}`)
                    }}
                  />
                </div>
              </SettingRow>
            )
          })}
        </Card>
      )}
      <SendKeySetting isKept={told.data?.agent_chat_send_shortcut !== undefined} />
    </>
  )
}

const wordsOf = (options: Choice['options'], mode: Mode): string =>
  (options.find(({ value }) => value === mode)?.label ?? '').toLowerCase()

function SendKeySetting({ isKept }: { readonly isKept: boolean }) {
  const [key, setKey] = useSendKey()
  return (
    <Card title="Writing" flush>
      <SettingRow
        label="Send with"
        help={
          isKept ? 'Shift Enter is a new line.' : 'Shift Enter is a new line. This is kept on this computer.'
        }
      >
        <Segmented
          aria-label="Send with"
          value={key}
          onChange={setKey}
          options={(['enter', 'mod-enter'] as const).map((value) => ({ value, label: sendKeyName(value) }))}
        />
      </SettingRow>
    </Card>
  )
}
