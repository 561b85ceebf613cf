import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { MultiSelect } from '../../ui/combobox.tsx'
import { Field } from '../../ui/field.tsx'
import { PlusIcon, RefreshCwIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TagInput } from '../../ui/tag-input.tsx'
import { type KnownTools, useKnownTools } from './use-known-tools.ts'
import type { ServerForm } from './use-server-form.ts'

type ListName = 'tool_allow_list' | 'tool_deny_list'

export interface ToolsSectionProps {
  readonly deploymentId: string
  readonly form: ServerForm
}

/** Which of the server's tools a chat gets. */
export function ToolsSection({ deploymentId, form }: ToolsSectionProps) {
  const known = useKnownTools(deploymentId, form.base)
  const isAllowing = form.draft.tool_allow_list.length > 0
  const how = known.isAsked ? 'Choose from what the server listed.' : 'Type a tool’s name and press Enter.'
  return (
    <Card
      title="Tools"
      meta="All of them, unless you say otherwise"
      actions={
        known.ask === undefined ? undefined : (
          <Button variant="ghost" icon={<RefreshCwIcon />} loading={known.isAsking} onClick={known.ask}>
            Ask the server
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {known.problem === undefined ? null : (
          <Notice tone="warn" title="The server did not list its tools">
            {known.problem} Type their names instead.
          </Notice>
        )}
        <ToolList
          form={form}
          name="tool_allow_list"
          label="Only these"
          help={`${how} Empty: all tools.`}
          known={known}
        />
        <ToolList
          form={form}
          name="tool_deny_list"
          label="Never these"
          help={isAllowing ? 'Without effect: as long as there are names above, only those count.' : how}
          known={known}
        />
      </div>
    </Card>
  )
}

interface ToolListProps {
  readonly form: ServerForm
  readonly name: ListName
  readonly label: string
  readonly help: string
  readonly known: KnownTools
}

function ToolList({ form, name, label, help, known }: ToolListProps) {
  const names = form.draft[name]
  const setNames = (next: readonly string[]) => form.change({ [name]: next })
  if (known.isAsked) {
    // A name that the server does not list stays: it may come back.
    const listed = new Set(known.tools.map((tool) => tool.name))
    const strangers = names
      .filter((tool) => !listed.has(tool))
      .map((tool) => ({ name: tool, description: '' }))
    return (
      <Field label={label} help={help}>
        <MultiSelect
          options={[...known.tools, ...strangers].map((tool) => ({
            value: tool.name,
            label: tool.name,
            description: tool.description || undefined,
          }))}
          value={names}
          onChange={setNames}
          emptyText="The server has no tool of this name."
        />
      </Field>
    )
  }
  const others = known.tools.filter((tool) => !names.includes(tool.name))
  return (
    <div>
      <Field label={label} help={help}>
        <TagInput aria-label={label} value={names} onChange={setNames} />
      </Field>
      {others.length === 0 ? null : (
        <div className="mt-1.5 flex flex-wrap gap-1">
          {others.map((tool) => (
            <Button
              key={tool.name}
              size="sm"
              icon={<PlusIcon />}
              aria-label={`Add ${tool.name} to ${label}`}
              onClick={() => setNames([...names, tool.name])}
            >
              <span className="cut max-w-60 font-mono">{tool.name}</span>
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
