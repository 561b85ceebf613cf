import { useId } from 'react'
import { classNames } from '../../../../lib/class-names.ts'
import { Button } from '../../../../ui/button.tsx'
import { CircleHelpIcon } from '../../../../ui/icons.tsx'
import { showUnseen } from '../hostile-text.ts'
import { useCallState, useForgetCall } from '../row-memory.tsx'
import { CallState, CardBody, ToolCard } from '../tool-card.tsx'
import { useActions } from '../transcript-actions.ts'
import { FailureBody } from './failure-body.tsx'
import {
  answerText,
  isAnswered,
  noChoice,
  readQuestions,
  type Choice,
  type Question,
} from './question-form.ts'
import type { ToolProps } from './tool-kind.ts'
import { isRepeated } from './use-decision.ts'
import { useOnce } from './use-once.ts'
import { failureOf } from './tool-words.ts'

/** `ask_user_question`: the questions one by one, answered by a choice or in words. */
export function AskUserQuestion({ call }: ToolProps) {
  const { onAnswer } = useActions()
  const [at, setAt] = useCallState(call, 'question', 0)
  const [choices, setChoices] = useCallState<readonly Choice[]>(call, 'choices', [])
  const forget = useForgetCall(call)
  const { isSending, once } = useOnce()
  const questions = readQuestions(call.args)
  const question = questions[at]
  const isOpen = call.reply === undefined && call.state === 'done' && onAnswer !== undefined
  if (question === undefined || !isOpen) return <ClosedQuestion call={call} questions={questions} />

  const isLast = at === questions.length - 1
  const choice = choices[at] ?? noChoice
  const choose = (next: Choice): void => {
    setChoices(questions.map((_, index) => (index === at ? next : (choices[index] ?? noChoice))))
  }
  const goOn = (): void => {
    if (!isAnswered(choice)) return
    if (isLast) once(() => onAnswer(answerText(questions, choices)).then(forget))
    else setAt(at + 1)
  }
  return (
    <ToolCard
      icon={<CircleHelpIcon />}
      isAsking
      title={<span className="font-medium">{showUnseen(question.header || question.question)}</span>}
      meta={`${at + 1} of ${questions.length}`}
    >
      <CardBody>
        <form
          className="p-1"
          aria-label={showUnseen(question.question || question.header)}
          onSubmit={(event) => {
            event.preventDefault()
            goOn()
          }}
        >
          {question.header === '' || question.question === '' ? null : (
            <p className="px-2.5 pt-1 pb-1.5 break-words whitespace-pre-wrap copyable">
              {showUnseen(question.question)}
            </p>
          )}
          <Choices key={at} question={question} choice={choice} onChoose={choose}>
            <Steps
              at={at}
              isLast={isLast}
              isSending={isSending}
              isReady={isAnswered(choice)}
              onBack={setAt}
            />
          </Choices>
        </form>
      </CardBody>
    </ToolCard>
  )
}

interface StepsProps {
  readonly at: number
  readonly isLast: boolean
  readonly isSending: boolean
  readonly isReady: boolean
  readonly onBack: (at: number) => void
}

function Steps({ at, isLast, isSending, isReady, onBack }: StepsProps) {
  return (
    <>
      {at > 0 ? (
        <Button size="sm" variant="ghost" onClick={() => onBack(at - 1)}>
          Back
        </Button>
      ) : null}
      <Button
        size="sm"
        variant="primary"
        type="submit"
        loading={isSending}
        disabled={!isReady}
        onClick={(event) => {
          // The second click of the one that led to this question.
          if (isLast && isRepeated(event)) event.preventDefault()
        }}
      >
        {isLast ? 'Answer' : 'Next'}
      </Button>
    </>
  )
}

interface ChoicesProps {
  readonly question: Question
  readonly choice: Choice
  readonly onChoose: (choice: Choice) => void
  readonly children: React.ReactNode
}

function Choices({ question, choice, onChoose, children }: ChoicesProps) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={showUnseen(question.question || question.header)}>
      {question.options.map(({ label, description }, index) => (
        <label key={index} className={classNames(rowShape, choice.option === index && 'bg-selected')}>
          <Radio
            name={name}
            checked={choice.option === index}
            onChoose={() => onChoose({ ...choice, option: index })}
          />
          <span className="min-w-0">
            <span className={choice.option === index ? 'font-medium' : undefined}>{label}</span>{' '}
            <span className="text-fg-3">{description}</span>
          </span>
        </label>
      ))}
      <div className={classNames(rowShape, 'pr-1', choice.option === 'other' && 'bg-selected')}>
        <Radio
          name={name}
          label="Other"
          checked={choice.option === 'other'}
          onChoose={() => onChoose({ ...choice, option: 'other' })}
        />
        <input
          className="min-w-0 flex-1 border-0 bg-transparent p-0 outline-none"
          aria-label="Another answer"
          placeholder="Other: type an answer"
          maxLength={10_000}
          value={choice.other}
          onFocus={() => onChoose({ ...choice, option: 'other' })}
          onChange={(event) => onChoose({ option: 'other', other: event.target.value })}
        />
        {children}
      </div>
    </div>
  )
}

const rowShape =
  'flex min-h-7 items-center gap-2.5 rounded-md px-2.5 py-0.5 has-[input[type=radio]:focus-visible]:outline-2 has-[input[type=radio]:focus-visible]:outline-ring'

interface RadioProps {
  readonly name: string
  readonly label?: string
  readonly checked: boolean
  readonly onChoose: () => void
}

function Radio({ name, label, checked, onChoose }: RadioProps) {
  return (
    <input
      type="radio"
      name={name}
      {...(label === undefined ? {} : { 'aria-label': label })}
      checked={checked}
      onChange={onChoose}
      className="m-0 size-4 flex-none appearance-none rounded-full border border-line-ui bg-page outline-none checked:border-[5px] checked:border-accent checked:bg-on-accent"
    />
  )
}

/** Questions that cannot be answered here, or were. */
function ClosedQuestion({ call, questions }: ToolProps & { readonly questions: readonly Question[] }) {
  const [first] = questions
  const isAsked = call.state === 'done' && call.reply === undefined
  return (
    <ToolCard
      icon={<CircleHelpIcon />}
      title={first === undefined ? 'A question' : showUnseen(first.header || first.question)}
      meta={call.reply === undefined ? isAsked ? 'Not answered yet' : <CallState call={call} /> : 'Answered'}
      more={
        questions.length === 0
          ? undefined
          : () => (
              <CardBody className="px-3 py-2">
                {questions.map((question, index) => (
                  <div key={index} className="copyable not-last:mb-2">
                    <div className="break-words whitespace-pre-wrap">
                      {showUnseen(question.question || question.header)}
                    </div>
                    <ul className="list-disc pl-5 text-fg-2">
                      {question.options.map((option, place) => (
                        <li key={place}>
                          {option.label} <span className="text-fg-3">{option.description}</span>
                        </li>
                      ))}
                    </ul>
                  </div>
                ))}
              </CardBody>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}
