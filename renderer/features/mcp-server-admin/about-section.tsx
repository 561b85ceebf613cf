import { createElement } from 'react'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { ChevronDownIcon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { knownIcons, ServerIcon } from './server-icon.tsx'
import { TextField } from './text-field.tsx'
import type { ServerForm } from './use-server-form.ts'

const transports = [
  { value: 'streamable_http', label: 'Streamable HTTP' },
  { value: 'sse', label: 'SSE', description: 'The older transport of MCP' },
]

/** What the server is called, and where it is. */
export function AboutSection({ form }: { readonly form: ServerForm }) {
  const { draft } = form
  return (
    <Card title="Server">
      <div className="grid gap-4 @xl:grid-cols-2">
        <TextField form={form} name="display_name" label="Name" autoFocus />
        <TextField
          form={form}
          name="slug"
          label="Slug"
          mono
          help={
            draft.slug.trim() === ''
              ? 'Names its tools for the model.'
              : `Its tools are called ${draft.slug.trim()}__…`
          }
        />
        <TextField
          form={form}
          name="description"
          label="Description"
          optional
          help="What users read below the name."
        />
        <TextField
          form={form}
          name="icon_url"
          label="Icon"
          optional
          mono
          help="A picture of the deployment or an address. This app shows one of its own."
          leading={<ServerIcon url={draft.icon_url} />}
          trailing={
            <Menu
              align="end"
              trigger={
                <IconButton size="sm" className="-mr-1.5" label="Choose an icon" icon={<ChevronDownIcon />} />
              }
              items={knownIcons.map(({ url, label, icon }) => ({
                label,
                icon: createElement(icon),
                checked: draft.icon_url === url,
                onSelect: () => form.change({ icon_url: url }),
              }))}
            />
          }
        />
        <TextField
          form={form}
          name="url"
          label="Address"
          mono
          placeholder="https://mcp.example.com/mcp"
          help="Users do not see it."
        />
        <Field label="Transport">
          <Select
            options={transports}
            value={draft.transport}
            onChange={(transport) => form.change({ transport })}
          />
        </Field>
      </div>
    </Card>
  )
}
