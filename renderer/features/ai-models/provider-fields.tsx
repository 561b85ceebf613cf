import type { ComponentProps, ReactNode } from 'react'
import type { AIProvider } from '#bridge/contract/ai-providers'
import { useApi } from '../../api/api-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import type { BedrockDraft, ProviderDraft, ProviderField } from './provider-draft.ts'
import { kindOf } from './provider-kinds.ts'
import type { ProviderForm } from './use-provider-form.ts'

export interface ProviderFieldsProps {
  /** Null: a new one. */
  readonly provider: AIProvider | null
  readonly draft: ProviderDraft
  readonly form: ProviderForm
}

/** The fields of a provider of one kind. */
export function ProviderFields({ provider, draft, form }: ProviderFieldsProps) {
  const kind = kindOf(draft.type)
  return (
    <>
      <Text
        form={form}
        field="displayName"
        label="Name"
        value={draft.displayName}
        autoFocus
        onText={(displayName) => form.change({ displayName })}
      />
      {provider === null ? (
        <Text
          form={form}
          field="name"
          label="Identifier"
          mono
          value={draft.name}
          help="Names it in the deployment’s interface, and stays as it is from now on."
          onText={(name) => form.change({ name })}
        />
      ) : null}
      <Text
        form={form}
        field="baseUrl"
        label="Address"
        mono
        value={draft.baseUrl}
        help={
          draft.type === 'openai-compat'
            ? 'Ollama listens on 11434, vLLM on 8000, LM Studio on 1234.'
            : undefined
        }
        onText={(baseUrl) => form.change({ baseUrl })}
      />
      {kind?.key === 'none' ? null : <Keys provider={provider} draft={draft} form={form} />}
      {draft.type === 'bedrock' ? (
        <BedrockFields
          draft={draft.bedrock}
          isStored={provider !== null}
          form={form}
          onChange={(change) => form.change({ bedrock: { ...draft.bedrock, ...change } })}
        />
      ) : null}
    </>
  )
}

interface TextProps extends Pick<ComponentProps<typeof Input>, 'mono' | 'autoFocus' | 'placeholder'> {
  readonly form: ProviderForm
  readonly field: ProviderField
  readonly label: string
  readonly value: string
  readonly help?: ReactNode
  readonly optional?: boolean
  readonly onText: (text: string) => void
}

function Text({ form, field, label, help, optional, onText, ...input }: TextProps) {
  return (
    <Field label={label} help={help} optional={optional} error={form.error(field)}>
      <Input
        {...input}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
        onBlur={() => form.touch(field)}
      />
    </Field>
  )
}

interface SecretProps {
  readonly form: ProviderForm
  readonly field: ProviderField
  readonly label: string
  readonly value: string
  readonly stored?: boolean
  readonly help?: ReactNode
  readonly optional?: boolean
  readonly onText: (text: string) => void
}

function Secret({ form, field, label, help, optional, stored, value, onText }: SecretProps) {
  const { client } = useApi()
  return (
    <Field label={label} help={help} optional={optional} error={form.error(field)}>
      <SecretInput
        value={value}
        stored={stored}
        onChange={onText}
        onBlur={() => form.touch(field)}
        readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
      />
    </Field>
  )
}

/** The stored keys by what can be told of them, and one to add. A key is typed once and never shown again. */
function Keys({ provider, draft, form }: ProviderFieldsProps) {
  const isNeeded = kindOf(draft.type)?.key === 'needed'
  const stored = provider?.api_keys ?? []
  const toggle = (id: string) =>
    form.change({
      removedKeys: draft.removedKeys.includes(id)
        ? draft.removedKeys.filter((other) => other !== id)
        : [...draft.removedKeys, id],
    })
  return (
    <>
      {stored.length === 0 ? null : (
        <div role="group" aria-label="Stored keys">
          <div className="mb-1.5 font-medium">Keys</div>
          <ul className="rounded-md border border-line-strong">
            {stored.map(({ id, masked, created_at: createdAt }) => {
              const isRemoved = draft.removedKeys.includes(id)
              return (
                <li key={id} className="flex min-h-9 items-center gap-3 border-line px-2.5 not-last:border-b">
                  <span className={isRemoved ? 'cut code-text text-fg-3 line-through' : 'cut code-text'}>
                    {masked}
                  </span>
                  <span className="ml-auto flex-none text-sm text-fg-3">
                    {isRemoved ? (
                      'Removed when you save'
                    ) : (
                      <>
                        added <RelativeTime value={createdAt} />
                      </>
                    )}
                  </span>
                  <Button
                    size="sm"
                    variant="ghost"
                    aria-label={`${isRemoved ? 'Keep' : 'Remove'} ${masked}`}
                    onClick={() => toggle(id)}
                  >
                    {isRemoved ? 'Keep' : 'Remove'}
                  </Button>
                </li>
              )
            })}
          </ul>
        </div>
      )}
      <Secret
        form={form}
        field="newKey"
        label={stored.length === 0 ? 'Key' : 'Another key'}
        optional={!isNeeded || stored.length > 0}
        help={
          stored.length > 0
            ? 'To replace a key, remove it and add the new one here.'
            : isNeeded
              ? 'Kept sealed by the deployment and never shown again. Without one, everybody needs a key of their own.'
              : 'Only where the server asks for one.'
        }
        value={draft.newKey}
        onText={(newKey) => form.change({ newKey })}
      />
    </>
  )
}

interface BedrockFieldsProps {
  readonly draft: BedrockDraft
  readonly isStored: boolean
  readonly form: ProviderForm
  readonly onChange: (change: Partial<BedrockDraft>) => void
}

function BedrockFields({ draft, isStored, form, onChange }: BedrockFieldsProps) {
  return (
    <>
      <Text
        form={form}
        field="region"
        label="Region"
        mono
        value={draft.region}
        onText={(region) => onChange({ region })}
      />
      <Secret
        form={form}
        field="accessKey"
        label="Access key id"
        stored={isStored}
        value={draft.accessKey}
        onText={(accessKey) => onChange({ accessKey })}
      />
      <Secret
        form={form}
        field="accessKeySecret"
        label="Access key secret"
        stored={isStored}
        help="Kept sealed by the deployment and never shown again."
        value={draft.accessKeySecret}
        onText={(accessKeySecret) => onChange({ accessKeySecret })}
      />
      <Disclosure label="Role and default models">
        <div className="flex flex-col gap-4">
          <Text
            form={form}
            field="roleArn"
            label="Role to take on"
            mono
            optional
            value={draft.roleArn}
            placeholder="arn:aws:iam::123456789012:role/Bedrock"
            onText={(roleArn) => onChange({ roleArn })}
          />
          <Text
            form={form}
            field="model"
            label="Model"
            mono
            optional
            value={draft.model}
            onText={(model) => onChange({ model })}
          />
          <Text
            form={form}
            field="smallFastModel"
            label="Small, fast model"
            mono
            optional
            value={draft.smallFastModel}
            onText={(smallFastModel) => onChange({ smallFastModel })}
          />
        </div>
      </Disclosure>
    </>
  )
}
