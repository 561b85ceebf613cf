import { cutText, oneLine } from '../hostile-text.ts'
import { listField, textField } from '../tool-fields.ts'

export interface QuestionOption {
  readonly label: string
  readonly description: string
}

export interface Question {
  readonly header: string
  readonly question: string
  readonly options: readonly QuestionOption[]
}

/** What is chosen: an option by its place, or words of one's own. */
export interface Choice {
  readonly option: number | 'other' | undefined
  readonly other: string
}

export const noChoice: Choice = { option: undefined, other: '' }

/** The questions a model asks, as far as they make sense. */
export function readQuestions(args: unknown): readonly Question[] {
  return listField(args, 'questions')
    .slice(0, 20)
    .map((item) => ({
      header: oneLine(textField(item, 'header') ?? '', 80),
      question: cutText(textField(item, 'question') ?? '', 2000),
      options: listField(item, 'options')
        .slice(0, 12)
        .map((option) => ({
          label: oneLine(textField(option, 'label') ?? '', 200),
          description: oneLine(textField(option, 'description') ?? '', 500),
        }))
        .filter(({ label }) => label !== ''),
    }))
    .filter(({ question, header }) => question !== '' || header !== '')
}

/** Whether a question has its answer. */
export function isAnswered({ option, other }: Choice): boolean {
  return option === 'other' ? other.trim() !== '' : option !== undefined
}

/** The answers as the message that tells the model. */
export function answerText(questions: readonly Question[], choices: readonly Choice[]): string {
  const answers = questions.map(({ options }, index) => {
    const { option, other } = choices[index] ?? noChoice
    return option === 'other' || option === undefined ? other.trim() : (options[option]?.label ?? '')
  })
  if (questions.length === 1) return answers[0] ?? ''
  return questions
    .map(({ header, question }, index) => `${header || question}: ${answers[index] ?? ''}`)
    .join('\n')
}
