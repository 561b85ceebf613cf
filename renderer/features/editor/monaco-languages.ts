import 'monaco-editor/languages/definitions/register.all.js'
import * as monaco from 'monaco-editor/editor/editor.api.js'

/** Monaco's own JSON and diffs come with language services that need more of the page than colours do. */
const json: monaco.languages.IMonarchLanguage = {
  tokenizer: {
    root: [
      [/"(?:[^"\\]|\\.)*"(?=\s*:)/, 'string.key'],
      [/"(?:[^"\\]|\\.)*"/, 'string'],
      [/"(?:[^"\\]|\\.)*$/, 'string.invalid'],
      [/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/, 'number'],
      [/\b(?:true|false|null)\b/, 'keyword'],
      [/\/\/.*$/, 'comment'],
      [/\/\*/, 'comment', '@comment'],
      [/[{}[\],:]/, 'delimiter'],
    ],
    comment: [
      [/\*\//, 'comment', '@pop'],
      [/[^*]+|\*/, 'comment'],
    ],
  },
}
const toml: monaco.languages.IMonarchLanguage = {
  tokenizer: {
    root: [
      [/^\s*\[\[?[^\]]*\]\]?/, 'type'],
      [/#.*$/, 'comment'],
      [/^\s*[\w."'-]+(?=\s*=)/, 'string.key'],
      [/"""/, 'string', '@text'],
      [/"(?:[^"\\]|\\.)*"|'[^']*'/, 'string'],
      [/\b(?:true|false)\b/, 'keyword'],
      [/[-+]?\d[\d_:.TZ+-]*/, 'number'],
    ],
    text: [
      [/"""/, 'string', '@pop'],
      [/[^"]+|"/, 'string'],
    ],
  },
}
const diff: monaco.languages.IMonarchLanguage = {
  tokenizer: {
    root: [
      [/^(?:diff|index|---|\+\+\+|@@).*$/, 'type'],
      [/^\+.*$/, 'string'],
      [/^-.*$/, 'regexp'],
    ],
  },
}

/** Registers what Monaco lacks, and file names it does not know. */
export function registerLanguages(): void {
  const brackets: monaco.languages.LanguageConfiguration = {
    brackets: [
      ['{', '}'],
      ['[', ']'],
    ],
    autoClosingPairs: [
      { open: '{', close: '}' },
      { open: '[', close: ']' },
      { open: '"', close: '"', notIn: ['string'] },
    ],
  }
  const add = (
    language: monaco.languages.ILanguageExtensionPoint & { readonly id: string },
    rules: monaco.languages.IMonarchLanguage,
    configuration: monaco.languages.LanguageConfiguration,
  ): void => {
    monaco.languages.register(language)
    monaco.languages.setMonarchTokensProvider(language.id, rules)
    monaco.languages.setLanguageConfiguration(language.id, configuration)
  }
  add(
    {
      id: 'json',
      aliases: ['JSON'],
      extensions: ['.json', '.jsonc', '.json5', '.webmanifest', '.ipynb', '.tfstate'],
      filenames: ['.babelrc', '.eslintrc', '.prettierrc'],
    },
    json,
    { ...brackets, comments: { lineComment: '//', blockComment: ['/*', '*/'] } },
  )
  add(
    { id: 'toml', aliases: ['TOML'], extensions: ['.toml'], filenames: ['Cargo.lock', 'poetry.lock'] },
    toml,
    { ...brackets, comments: { lineComment: '#' } },
  )
  add({ id: 'diff', aliases: ['Diff'], extensions: ['.diff', '.patch'] }, diff, {})
  monaco.languages.register({
    id: 'shell',
    filenames: ['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zprofile', '.envrc'],
  })
  monaco.languages.register({
    id: 'ini',
    extensions: ['.conf', '.service', '.env', '.cfg'],
    filenames: ['.env'],
  })
}
