//! A rule's page, parsed: the title, what it says, and its examples.
//!
//! A page is Markdown. `# area/name`, then a sentence about what is reported, a table of properties, and what the rule is
//! for; then `## Reported` and `## Not reported` with an example under each `### name`: for each file its name in
//! backquotes on a line of its own and a fenced block with its content, and in failing examples a last block marked `text`
//! with exactly what is printed.

use std::ops::Range;

use crate::diagnostic::{Level, Safety};

/// The head of the table of properties.
const PROPERTIES: &str = "| Levels | Fixes | Security severity | Statements |";

/// A page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The id of the rule: `aws-auth/role-path`.
    pub title: String,
    /// The first paragraph, on one line: what is reported.
    pub summary: String,
    /// All that comes before the examples, in Markdown, without the title.
    pub description: String,
    /// The levels that findings of which ekslint is certain have where the configuration gives no other, the worst first.
    pub certain: Vec<Level>,
    /// The same for findings of which it is less sure.
    pub unsure: Vec<Level>,
    /// The classes of the fixes that it may offer.
    pub fixes: Vec<Safety>,
    /// What the rule means to somebody who looks after security; nothing where it is about what will not work.
    pub security: Option<Security>,
    /// The statements of AWS's pages that it checks, as `docs/coverage.md` numbers them: `entry-27`.
    pub statements: Vec<String>,
    pub fails: Vec<Example>,
    pub passes: Vec<Example>,
}

/// As the table of properties has it: `8.8 (CWE-269)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Security {
    /// From 0.1 to 10.0, as CVSS counts: from 4.0 medium, from 7.0 high, from 9.0 critical.
    pub severity: String,
    /// The number of the weakness in <https://cwe.mitre.org>.
    pub cwe: Option<u32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    pub name: String,
    /// Paths and contents, in the order of the page.
    pub files: Vec<(String, String)>,
    /// What is printed, if the page says so.
    pub output: Option<String>,
    /// Where in the page the output stands, without its fences.
    pub output_range: Option<Range<usize>>,
    /// Where in the page the example's last block ends: where a block with the output belongs if there is none.
    pub end: usize,
}

/// A fence that is open: its character, its length, and what it holds.
struct Fence {
    mark: char,
    length: usize,
    kind: Kind,
    line: usize,
    start: usize,
}

enum Kind {
    /// In the description, or between the blocks of an example: not ours.
    Prose,
    File(String),
    Output,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Description,
    Fails,
    Passes,
}

impl Page {
    /// The levels that its findings have where the configuration gives no other, the worst first.
    pub fn levels(&self) -> Vec<Level> {
        Level::ALL.into_iter().filter(|it| self.certain.contains(it) || self.unsure.contains(it)).collect()
    }

    /// Reads a page. What is wrong with it is said with the number of the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser::default();
        let mut offset = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            parser.line(text, index + 1, offset, line).map_err(|reason| format!("line {}: {reason}", index + 1))?;
            offset += line.len();
        }
        parser.finish(text)
    }
}

#[derive(Default)]
struct Parser {
    title: Option<String>,
    /// Where the description starts and ends.
    description: Option<(usize, Option<usize>)>,
    section: Option<Section>,
    fence: Option<Fence>,
    /// The name of a file whose block has yet to come.
    file: Option<String>,
    fails: Vec<Example>,
    passes: Vec<Example>,
}

impl Parser {
    fn line(&mut self, text: &str, number: usize, offset: usize, line: &str) -> Result<(), String> {
        let end = offset + line.len();
        let content = line.trim_end();
        if let Some(fence) = &self.fence {
            if closes(fence, content) {
                return self.close(text, offset, end);
            }
            return Ok(());
        }
        if let Some((mark, length, info)) = opens(content) {
            let kind = self.kind(info)?;
            self.fence = Some(Fence { mark, length, kind, line: number, start: end });
            return Ok(());
        }
        if let Some(title) = content.strip_prefix("# ") {
            if self.title.is_some() {
                return Err("a second title".to_owned());
            }
            self.title = Some(title.trim().to_owned());
            self.description = Some((end, None));
            self.section = Some(Section::Description);
            return Ok(());
        }
        let Some(section) = self.section else {
            return if content.is_empty() { Ok(()) } else { Err("text before the title".to_owned()) };
        };
        let next = match content {
            "## Reported" => Some(Section::Fails),
            "## Not reported" => Some(Section::Passes),
            _ => None,
        };
        if let Some(next) = next {
            self.no_file_is_pending()?;
            if let Some((_, end @ None)) = &mut self.description {
                *end = Some(offset);
            }
            self.section = Some(next);
            return Ok(());
        }
        if section == Section::Description {
            return Ok(());
        }
        if content.starts_with("## ") {
            return Err(
                "a section that is neither `## Reported` nor `## Not reported` after the description".to_owned()
            );
        }
        if let Some(name) = content.strip_prefix("### ") {
            self.no_file_is_pending()?;
            let name = name.trim().to_owned();
            self.examples(section).push(Example { name, files: Vec::new(), output: None, output_range: None, end });
            return Ok(());
        }
        if let Some(name) = file_name(content) {
            self.no_file_is_pending()?;
            let Some(example) = self.examples(section).last() else {
                return Err(format!("`{name}` belongs to no example"));
            };
            if example.files.iter().any(|(it, _)| it == name) {
                return Err(format!("a second `{name}` in one example"));
            }
            self.file = Some(name.to_owned());
        }
        Ok(())
    }

    /// What the block is that opens here.
    fn kind(&mut self, info: &str) -> Result<Kind, String> {
        let section = match self.section {
            None => return Err("a block before the title".to_owned()),
            Some(Section::Description) => return Ok(Kind::Prose),
            Some(section) => section,
        };
        if let Some(name) = self.file.take() {
            return Ok(Kind::File(name));
        }
        let Some(example) = self.examples(section).last() else {
            return Err("a block that belongs to no example".to_owned());
        };
        if info != "text" {
            return Err("a block without the name of its file above it".to_owned());
        }
        if section == Section::Passes {
            return Err("a passing example prints nothing".to_owned());
        }
        if example.output.is_some() {
            return Err("a second block of output in one example".to_owned());
        }
        if example.files.is_empty() {
            return Err("output before any file".to_owned());
        }
        Ok(Kind::Output)
    }

    fn close(&mut self, text: &str, offset: usize, end: usize) -> Result<(), String> {
        let Some(Fence { kind, start, .. }) = self.fence.take() else { return Ok(()) };
        let Some(section) = self.section else { return Ok(()) };
        let content = text[start..offset].to_owned();
        let example = match kind {
            Kind::Prose => return Ok(()),
            _ => self.examples(section).last_mut().ok_or("a block that belongs to no example")?,
        };
        example.end = end;
        match kind {
            Kind::File(_) if example.output.is_some() => return Err("a file behind the output".to_owned()),
            Kind::File(name) => example.files.push((name, content)),
            Kind::Output => {
                example.output = Some(content);
                example.output_range = Some(start..offset);
            }
            Kind::Prose => {}
        }
        Ok(())
    }

    fn no_file_is_pending(&self) -> Result<(), String> {
        match &self.file {
            Some(name) => Err(format!("`{name}` has no block")),
            None => Ok(()),
        }
    }

    fn examples(&mut self, section: Section) -> &mut Vec<Example> {
        if section == Section::Passes { &mut self.passes } else { &mut self.fails }
    }

    fn finish(self, text: &str) -> Result<Page, String> {
        if let Some(fence) = &self.fence {
            return Err(format!("line {}: the block that opens here is never closed", fence.line));
        }
        self.no_file_is_pending()?;
        let title = self.title.ok_or("there is no title")?;
        let (start, end) = self.description.ok_or("there is no title")?;
        let description = text[start..end.unwrap_or(text.len())].trim().to_owned();
        let paragraph = description.lines().take_while(|it| !it.trim().is_empty());
        let summary = paragraph.map(str::trim).collect::<Vec<_>>().join(" ");
        if summary.is_empty() {
            return Err("there is no summary below the title".to_owned());
        }
        if let Some(example) = self.fails.iter().chain(&self.passes).find(|it| it.files.is_empty()) {
            return Err(format!("the example \"{}\" has no files", example.name));
        }
        let [levels, fixes, severity, statements] = properties(&description)?;
        let (certain, unsure) = levels_of(levels)?;
        let fixes = listed(fixes)
            .into_iter()
            .map(|it| Safety::parse(it).ok_or_else(|| format!("`{it}` is not a class of fixes")));
        let security = listed(severity);
        let security =
            security.first().map(|it| security_of(it).ok_or("the security severity is not written as `8.8 (CWE-269)`"));
        Ok(Page {
            certain,
            unsure,
            fixes: fixes.collect::<Result<_, _>>()?,
            security: security.transpose()?,
            statements: listed(statements).into_iter().map(str::to_owned).collect(),
            title,
            summary,
            description,
            fails: self.fails,
            passes: self.passes,
        })
    }
}

/// What the table of properties says, column by column.
fn properties(description: &str) -> Result<[&str; 4], String> {
    let mut lines = description.lines().skip_while(|it| *it != PROPERTIES).skip(2);
    let row = lines.next().and_then(|it| it.strip_prefix("| ")?.strip_suffix(" |"));
    let row = row.ok_or_else(|| format!("there is no table of properties: `{PROPERTIES}`"))?;
    let cells: Vec<&str> = row.split(" | ").collect();
    cells.try_into().map_err(|_| "the table of properties does not have four columns".to_owned())
}

/// The values of a cell. `none` is nothing.
fn listed(cell: &str) -> Vec<&str> {
    cell.split(", ").filter(|it| *it != "none").collect()
}

/// Reads `error, warning; unsure: note`, where either half may be missing: the levels of findings of which ekslint is certain,
/// and of those of which it is less sure.
fn levels_of(cell: &str) -> Result<(Vec<Level>, Vec<Level>), String> {
    let parse = |cell: &str| -> Result<Vec<Level>, String> {
        let levels = listed(cell).into_iter();
        levels.map(|it| Level::parse(it).ok_or_else(|| format!("`{it}` is not a level"))).collect()
    };
    match (cell.strip_prefix("unsure: "), cell.split_once("; unsure: ")) {
        (Some(unsure), _) => Ok((Vec::new(), parse(unsure)?)),
        (None, Some((certain, unsure))) => Ok((parse(certain)?, parse(unsure)?)),
        (None, None) => Ok((parse(cell)?, Vec::new())),
    }
}

/// What a rule is about, for programs that sort rules: whether it is about security, its area, and its weakness in MITRE's list.
pub fn tags(id: &str, security: Option<&Security>) -> Vec<String> {
    let area = id.split('/').next().unwrap_or(id);
    // Only what somebody could make use of is a security alert; what will not work is a mistake like others.
    let category = if security.is_some() { "security" } else { "correctness" };
    let mut tags = vec![category.to_owned(), "eks".to_owned(), area.to_owned()];
    tags.extend(security.and_then(|it| it.cwe).map(|number| format!("external/cwe/cwe-{number:03}")));
    tags
}

/// `8.8` or `8.8 (CWE-269)`.
fn security_of(line: &str) -> Option<Security> {
    let (severity, rest) = line.split_once(' ').unwrap_or((line, ""));
    let (whole, tenth) = severity.split_once('.')?;
    let [whole, tenth] =
        [whole, tenth].map(|it| it.parse::<u32>().ok().filter(|_| it.bytes().all(|b| b.is_ascii_digit())));
    let tenths = whole? * 10 + tenth.filter(|it| *it < 10)?;
    let cwe = match rest.strip_prefix("(CWE-").and_then(|it| it.strip_suffix(')')) {
        Some(number) => Some(number.parse().ok()?),
        None if rest.is_empty() => None,
        None => return None,
    };
    (1..=100).contains(&tenths).then(|| Security { severity: severity.to_owned(), cwe })
}

/// The character, length and info string of a line that opens a block.
fn opens(line: &str) -> Option<(char, usize, &str)> {
    let rest = line.trim_start_matches(' ');
    if line.len() - rest.len() > 3 {
        return None;
    }
    let mark = rest.chars().next().filter(|it| matches!(it, '`' | '~'))?;
    let info = rest.trim_start_matches(mark);
    let length = rest.len() - info.len();
    // "```a```" is a code span, not a block.
    (length >= 3 && !(mark == '`' && info.contains('`'))).then(|| (mark, length, info.trim()))
}

fn closes(fence: &Fence, line: &str) -> bool {
    let rest = line.trim_start_matches(' ');
    line.len() - rest.len() <= 3 && rest.len() >= fence.length && rest.chars().all(|it| it == fence.mark)
}

/// The name in a line that is nothing but one code span, perhaps with a colon.
fn file_name(line: &str) -> Option<&str> {
    let line = line.trim();
    let name = line.strip_suffix(':').unwrap_or(line).strip_prefix('`')?.strip_suffix('`')?;
    (!name.is_empty() && !name.contains('`')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# aws-auth/role-path

A role ARN in `aws-auth`
that still has its path.

| Levels | Fixes | Security severity | Statements |
|---|---|---|---|
| error; unsure: warning, note | none | 8.8 (CWE-269) | entry-27 |

More, with a block that is not ours:

```yaml
## Reported
```

## Reported

### with a path

`aws-auth.yaml`

```yaml
a: b
```

`b.yaml`:
````yaml
```
# not a title
````

```text
error
```

### not yet blessed

`a.yaml`
~~~
x: y
~~~

Some words.

## Not reported

### without

`a.yaml`
```yaml
c: d
```
";

    #[test]
    fn a_page_is_read() {
        let page = Page::parse(PAGE).unwrap();
        assert_eq!(page.title, "aws-auth/role-path");
        assert_eq!(page.summary, "A role ARN in `aws-auth` that still has its path.");
        assert!(page.description.starts_with("A role ARN") && page.description.ends_with("## Reported\n```"));
        assert_eq!(page.certain, [Level::Error]);
        assert_eq!(page.unsure, [Level::Warning, Level::Note]);
        assert_eq!(page.levels(), Level::ALL);
        assert!(page.fixes.is_empty());
        assert_eq!(page.statements, ["entry-27"]);
        assert_eq!(page.security, Some(Security { severity: "8.8".to_owned(), cwe: Some(269) }));
        let [first, second] = page.fails.as_slice() else { panic!("two failing examples: {page:?}") };
        assert_eq!(first.name, "with a path");
        assert_eq!(first.files[0], ("aws-auth.yaml".to_owned(), "a: b\n".to_owned()));
        assert_eq!(first.files[1], ("b.yaml".to_owned(), "```\n# not a title\n".to_owned()));
        assert_eq!(first.output.as_deref(), Some("error\n"));
        assert_eq!(&PAGE[first.output_range.clone().unwrap()], "error\n");
        assert_eq!((&second.output, &second.output_range), (&None, &None));
        assert!(PAGE[..second.end].ends_with("x: y\n~~~\n"));
        assert_eq!(page.passes[0].files, [("a.yaml".to_owned(), "c: d\n".to_owned())]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let with = |row: &str| format!("# a/b\nx\n\n{PROPERTIES}\n|---|---|---|---|\n| {row} |\n");
        let table = [
            ("", "there is no title"),
            ("words\n", "line 1: text before the title"),
            ("# a/b\n", "there is no summary below the title"),
            ("# a/b\n\nx\n\n```\n", "line 5: the block that opens here is never closed"),
            ("# a/b\nx\n", "there is no table of properties: `| Levels | Fixes | Security severity | Statements |`"),
            (&with("error | none | high | none"), "the security severity is not written as `8.8 (CWE-269)`"),
            (&with("error | none | 10.1 | none"), "the security severity is not written as `8.8 (CWE-269)`"),
            (&with("fatal | none | none | none"), "`fatal` is not a level"),
            (&with("unsure: maybe | none | none | none"), "`maybe` is not a level"),
            (&with("error, unsure: note | none | none | none"), "`unsure: note` is not a level"),
            (&with("error | quick | none | none"), "`quick` is not a class of fixes"),
            (&with("error | none | none"), "the table of properties does not have four columns"),
            ("# a/b\nx\n## Reported\n### e\n", "the example \"e\" has no files"),
            ("# a/b\nx\n## Reported\n### e\n`a.yaml`\n### f\n", "line 6: `a.yaml` has no block"),
            ("# a/b\nx\n## Reported\n### e\n```yaml\n```\n", "line 5: a block without the name of its file above it"),
            (
                "# a/b\nx\n## Not reported\n### e\n`a`\n```\n```\n```text\n```\n",
                "line 8: a passing example prints nothing",
            ),
            ("# a/b\nx\n## Reported\n```text\n```\n", "line 4: a block that belongs to no example"),
            ("# a/b\nx\n## Reported\n### e\n`a`\n```\n```\n`a`\n", "line 8: a second `a` in one example"),
        ];
        for (page, reason) in table {
            assert_eq!(Page::parse(page).unwrap_err(), reason, "{page:?}");
        }
    }
}
