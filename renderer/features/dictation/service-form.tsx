import type { SyntheticEvent } from 'react'
import type { DictationService } from '#ipc/dictation'
import { useApi } from '../../api/api-context.tsx'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { formatElapsed } from '../../lib/duration.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'
import { isReadableOnTheWay, keepsKey } from './service-draft.ts'
import { useServiceForm, type ServiceForm as Form } from './use-service-form.ts'

/** The service that writes out what is said: tried, saved and taken away. */
export function ServiceForm({ service }: { readonly service: DictationService | null }) {
  const form = useServiceForm(service)
  const { draft, change } = form
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    form.save()
  }
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={submit}>
      <Field
        label="Address"
        help={
          <>
            Of any service that speaks OpenAI’s transcription API. OpenAI:{' '}
            <Code>https://api.openai.com/v1</Code>. On this computer, where nothing leaves it: whisper.cpp’s
            server, speaches, LocalAI or vLLM, such as <Code>http://127.0.0.1:8080</Code>.
          </>
        }
        error={form.addressProblem}
      >
        <Input
          value={draft.address}
          placeholder="http://127.0.0.1:8080"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ address: event.target.value })}
        />
      </Field>
      {isReadableOnTheWay(draft) ? (
        <Notice tone="warn">
          This address is not encrypted: everybody on the way can listen to what you say, and read the key.
          Use https:// if the service has it.
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-4">
        <Field
          className="min-w-56 flex-1"
          label="Model"
          help="As the service calls it. Leave it empty where there is only one."
        >
          <Input
            value={draft.model}
            placeholder="whisper-1"
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            onChange={(event) => change({ model: event.target.value })}
          />
        </Field>
        <Field
          className="min-w-56 flex-1"
          label="Language"
          optional
          help="Two letters, such as en or de. Empty: the service finds out."
          error={form.languageProblem}
        >
          <Input
            value={draft.language}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change({ language: event.target.value })}
          />
        </Field>
      </div>
      <KeyField service={service} form={form} />
      <Outcome form={form} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" loading={form.isSaving} disabled={!form.isComplete}>
          {service === null ? 'Turn on' : 'Save'}
        </Button>
        <Button loading={form.isTesting} disabled={!form.isComplete} onClick={form.test}>
          Test
        </Button>
        {form.isTesting ? (
          <Button variant="ghost" onClick={form.cancelTest}>
            Cancel
          </Button>
        ) : null}
        {service === null ? null : (
          <Button variant="ghost" className="ml-auto" loading={form.isTurningOff} onClick={form.turnOff}>
            Turn off
          </Button>
        )}
      </div>
    </form>
  )
}

function KeyField({ service, form }: { readonly service: DictationService | null; readonly form: Form }) {
  const { client } = useApi()
  const { draft, change } = form
  const isKept = keepsKey(draft, service)
  return (
    <Field
      label="Key"
      optional
      hint={
        isKept ? <TextButton onClick={() => change({ dropsKey: true })}>Take it away</TextButton> : undefined
      }
      help={
        service?.hasKey === true && !isKept && !draft.dropsKey
          ? 'The saved key is for the address before, and is not sent to another one.'
          : 'Kept in the keychain of your system, and sent to this address alone.'
      }
    >
      <SecretInput
        value={draft.key}
        stored={isKept}
        placeholder="Services on this computer need none"
        onChange={(key) => change({ key })}
        readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
      />
    </Field>
  )
}

/** What came of the last thing that was asked for. */
function Outcome({ form }: { readonly form: Form }) {
  if (form.failure !== undefined && !hasCode<'dictation.save'>(form.failure.error, 'address_unusable'))
    return (
      <Notice tone="bad" title={form.failure.title}>
        {errorWords(form.failure.error).message}
      </Notice>
    )
  if (form.testedMs === undefined) return null
  return (
    <Notice tone="ok">The service answers: a second of silence took {formatElapsed(form.testedMs)}.</Notice>
  )
}
