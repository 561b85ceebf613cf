import { Card } from '../../ui/card.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'
import { RadioCards } from '../../ui/radio-cards.tsx'
import type { ServerForm } from './use-server-form.ts'

const availabilities = [
  { value: 'default_on', label: 'On at first', description: 'In new chats; each user can take it out' },
  { value: 'default_off', label: 'Off at first', description: 'Each user can add it to a chat' },
  { value: 'force_on', label: 'Always on', description: 'In every chat; nobody can take it out' },
]

const flags = [
  { name: 'enabled', label: 'Switched on', help: 'Switched off, only administrators see it.' },
  {
    name: 'model_intent',
    label: 'The model says what it is up to',
    help: 'With each call of a tool, in words that are shown as its title.',
  },
  {
    name: 'allow_in_plan_mode',
    label: 'May be used while planning',
    help: 'In plan mode, only servers with this have tools.',
  },
  {
    name: 'forward_coder_headers',
    label: 'Tell the server who is asking',
    help: 'Adds the ids of the user, the chat and the workspace as headers.',
  },
] as const

/** Who gets the server, and what chats do with it. */
export function UseSection({ form }: { readonly form: ServerForm }) {
  return (
    <Card title="Use">
      <div className="flex flex-col gap-4">
        <Field label="Availability">
          <RadioCards
            columns={3}
            options={availabilities}
            value={form.draft.availability}
            onChange={(availability) => form.change({ availability })}
          />
        </Field>
        <div className="grid gap-3 @xl:grid-cols-2">
          {flags.map(({ name, label, help }) => (
            <Checkbox
              key={name}
              label={label}
              help={help}
              checked={form.draft[name]}
              onChange={(checked) => form.change({ [name]: checked })}
            />
          ))}
        </div>
      </div>
    </Card>
  )
}
