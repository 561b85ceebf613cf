/** The editor, by Monaco. Loaded with the first file that is opened; nothing of it is in the first page. */
import './monaco-environment.ts'
import './monaco-features.ts'
import * as monaco from 'monaco-editor/editor/editor.api.js'
import type { ComparedTexts, EditorKit, EditorPane, PaneOptions, TextBuffer } from './editor-kit.ts'
import { languageOfText } from './language-of.ts'
import { registerLanguages } from './monaco-languages.ts'
import { followTheme, themeName } from './monaco-theme.ts'

const shared: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily: '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace',
  fontSize: 13,
  lineHeight: 20,
  fontLigatures: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  renderLineHighlight: 'line',
  smoothScrolling: false,
  cursorBlinking: 'solid',
  // Marks what looks like another letter: a text may be hostile. The hints at it need more of the page than it gives.
  unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true, nonBasicASCII: false },
  // Their own bytes are kept; Monaco would ask to take them out.
  unusualLineTerminators: 'off',
  links: false,
  hover: { enabled: 'off' },
  quickSuggestions: false,
  suggestOnTriggerCharacters: false,
  wordBasedSuggestions: 'off',
  occurrencesHighlight: 'off',
  dropIntoEditor: { enabled: false },
  pasteAs: { enabled: false },
  stickyScroll: { enabled: false },
  accessibilitySupport: 'auto',
  fixedOverflowWidgets: true,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  renderFinalNewline: 'on',
  padding: { top: 8, bottom: 8 },
}

/** A buffer that is Monaco's model. */
interface MonacoBuffer extends TextBuffer {
  readonly model: monaco.editor.ITextModel
  view: monaco.editor.ICodeEditorViewState | null
}

/** Makes the kit. There is one in a window. */
export function createMonacoKit(): EditorKit {
  registerLanguages()
  followTheme(document.documentElement)
  let count = 0
  return {
    createBuffer: (text, { path, language }) => {
      count += 1
      // A name of our own before the path, so that two places have the same path.
      const uri = monaco.Uri.from({ scheme: 'remote', authority: String(count), path })
      return createBuffer(monaco.editor.createModel(text, language ?? languageOfText(text), uri))
    },
    languages: () =>
      monaco.languages
        .getLanguages()
        .flatMap(({ id, aliases }, index, all) =>
          all.findIndex((other) => other.id === id) === index
            ? { id, label: id === 'plaintext' ? 'Plain text' : (aliases?.[0] ?? id) }
            : [],
        )
        .sort((a, b) => a.label.localeCompare(b.label)),
    mount: (parent, buffer, options) => mount(parent, buffer as MonacoBuffer, options),
    mountComparison,
  }
}

function createBuffer(model: monaco.editor.ITextModel): MonacoBuffer {
  model.setEOL(monaco.editor.EndOfLineSequence.LF)
  // Their colours are not from the tokens.
  model.updateOptions({
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  })
  return {
    model,
    view: null,
    text: () => model.getValue(monaco.editor.EndOfLinePreference.LF),
    replace: (text) => {
      model.pushStackElement()
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
      model.pushStackElement()
    },
    version: () => model.getAlternativeVersionId(),
    onChange: (listener) => {
      const stops = [model.onDidChangeContent(listener), model.onDidChangeLanguage(listener)]
      return () => stops.forEach((stop) => stop.dispose())
    },
    language: () => model.getLanguageId(),
    setLanguage: (id) => monaco.editor.setModelLanguage(model, id),
    dispose: () => model.dispose(),
  }
}

function mount(parent: HTMLElement, buffer: MonacoBuffer, { isReadOnly, label }: PaneOptions): EditorPane {
  const editor = monaco.editor.create(parent, {
    ...shared,
    model: buffer.model,
    theme: themeName,
    readOnly: isReadOnly,
    domReadOnly: isReadOnly,
    ariaLabel: label,
    contextmenu: false,
  })
  if (buffer.view) editor.restoreViewState(buffer.view)
  return {
    focus: () => editor.focus(),
    reveal: ({ line, column }) => {
      const position = buffer.model.validatePosition({ lineNumber: line, column })
      editor.setPosition(position)
      editor.revealPositionInCenter(position)
      editor.focus()
    },
    onCursor: (listener) => {
      const stop = editor.onDidChangeCursorPosition(({ position }) =>
        listener({ line: position.lineNumber, column: position.column }),
      )
      return () => stop.dispose()
    },
    dispose: () => {
      if (!buffer.model.isDisposed()) buffer.view = editor.saveViewState()
      editor.dispose()
    },
  }
}

function mountComparison(
  parent: HTMLElement,
  { original, modified, language, label }: ComparedTexts,
): { dispose(): void } {
  const models = {
    original: monaco.editor.createModel(original, language),
    modified: monaco.editor.createModel(modified, language),
  }
  const editor = monaco.editor.createDiffEditor(parent, {
    ...shared,
    theme: themeName,
    readOnly: true,
    originalEditable: false,
    renderSideBySide: true,
    useInlineViewWhenSpaceIsLimited: true,
    renderMarginRevertIcon: false,
    renderGutterMenu: false,
    contextmenu: false,
    hideUnchangedRegions: { enabled: false },
  })
  editor.setModel(models)
  // Its own options for that are about what is spoken, and leave the fields without a name.
  for (const side of [editor.getOriginalEditor(), editor.getModifiedEditor()]) {
    side.updateOptions({ ariaLabel: label })
  }
  return {
    dispose: () => {
      editor.dispose()
      models.original.dispose()
      models.modified.dispose()
    },
  }
}
