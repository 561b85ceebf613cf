import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { PlusIcon } from '../../ui/icons.tsx'
import { TagInput } from '../../ui/tag-input.tsx'
import type { ServerForm } from './use-server-form.ts'

type ListName = 'tool_allow_list' | 'tool_deny_list'

export interface ToolsSectionProps {
  readonly form: ServerForm
  /** Names of tools that are known; more can be typed. */
  readonly known: readonly string[]
}

/** Which of the server's tools a chat gets. */
export function ToolsSection({ form, known }: ToolsSectionProps) {
  const isAllowing = form.draft.tool_allow_list.length > 0
  return (
    <Card title="Tools" meta="All of them, unless you say otherwise">
      <div className="flex flex-col gap-4">
        <ToolList
          form={form}
          name="tool_allow_list"
          label="Only these"
          help="Type a tool’s name and press Enter. Empty: all tools."
          known={known}
        />
        <ToolList
          form={form}
          name="tool_deny_list"
          label="Never these"
          help={
            isAllowing
              ? 'Without effect: as long as there are names above, only those count.'
              : 'Type a tool’s name and press Enter.'
          }
          known={isAllowing ? [] : known}
        />
      </div>
    </Card>
  )
}

interface ToolListProps extends ToolsSectionProps {
  readonly name: ListName
  readonly label: string
  readonly help: string
}

function ToolList({ form, name, label, help, known }: ToolListProps) {
  const names = form.draft[name]
  const setNames = (next: readonly string[]) => form.change({ [name]: next })
  const others = known.filter((tool) => !names.includes(tool))
  return (
    <div>
      <Field label={label} help={help}>
        <TagInput aria-label={label} value={names} onChange={setNames} />
      </Field>
      {others.length === 0 ? null : (
        <div className="mt-1.5 flex flex-wrap gap-1">
          {others.map((tool) => (
            <Button
              key={tool}
              size="sm"
              icon={<PlusIcon />}
              aria-label={`Add ${tool} to ${label}`}
              onClick={() => setNames([...names, tool])}
            >
              <span className="cut max-w-60 font-mono">{tool}</span>
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
