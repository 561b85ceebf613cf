import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changedFiles } from './changed-files.ts'

const diff = `diff --git a/retry.go b/retry.go
index 1..2 100644
--- a/retry.go
+++ b/retry.go
@@ -1,2 +1,3 @@
 package refund
-old
+new
+diff --git a/not b/a-head
diff --git a/retry_test.go b/retry_test.go
new file mode 100644
--- /dev/null
+++ b/retry_test.go
@@ -0,0 +1 @@
+package refund
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-bye
diff --git a/old name.go b/new name.go
similarity index 100%
rename from old name.go
rename to new name.go
diff --git a/logo.png b/logo.png
index 1..2 100644
Binary files a/logo.png and b/logo.png differ
diff --git "a/\\303\\244.txt" "b/\\303\\244.txt"
--- "a/\\303\\244.txt"
+++ "b/\\303\\244.txt"
@@ -1 +1 @@
-a
+b
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
`

it('tells the files, what became of them and how many lines came and went', () => {
  const { files, leftOut } = changedFiles(diff)
  expect(leftOut).toBe(0)
  expect(files.map(({ path, kind, added, removed }) => [path, kind, added, removed])).toEqual([
    ['retry.go', 'changed', 2, 1],
    ['retry_test.go', 'new', 1, 0],
    ['gone.txt', 'deleted', 0, 1],
    ['new name.go', 'renamed', 0, 0],
    ['logo.png', 'changed', 0, 0],
    ['ä.txt', 'changed', 1, 1],
    ['run.sh', 'changed', 0, 0],
  ])
  expect(files[3]?.oldPath).toBe('old name.go')
  expect(files.filter(({ isBinary }) => isBinary).map(({ path }) => path)).toEqual(['logo.png'])
  expect(files[0]?.diff.startsWith('@@ -1,2 +1,3 @@')).toBe(true)
})

it('takes any text, and counts what it leaves out', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      changedFiles(text)
      changedFiles(`diff --git ${text}`)
    }),
  )
  const many = 'diff --git a/x b/x\n'.repeat(600)
  expect(changedFiles(many)).toMatchObject({ leftOut: 100 })
})

it('has a file once whose kind changed, which git tells as a file that went and one that came', () => {
  const { files } = changedFiles(`diff --git a/conf b/conf
deleted file mode 100644
--- a/conf
+++ /dev/null
@@ -1 +0,0 @@
-here
diff --git a/other b/other
old mode 100644
new mode 100755
diff --git a/conf b/conf
new file mode 120000
--- /dev/null
+++ b/conf
@@ -0,0 +1 @@
+there
\\ No newline at end of file
`)
  expect(files.map(({ path, kind, added, removed }) => [path, kind, added, removed])).toEqual([
    ['conf', 'changed', 1, 1],
    ['other', 'changed', 0, 0],
  ])
  expect(files[0]?.diff).toContain('-here\n@@ -0,0 +1 @@\n+there')
})
