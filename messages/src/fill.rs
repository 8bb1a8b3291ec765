//! Messages in static files: `{{name}}` stands where the text comes.

use crate::{Messages, Wrong, has_holes};

/// What a text is put into, which says how it is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text or attribute of HTML; a value between backticks becomes `code`.
    Html,
    /// A string of JSON.
    Json,
}

impl Form {
    /// The form of files whose names end so; none for files that hold no messages.
    pub fn of(ending: &str) -> Option<Self> {
        match ending {
            "html" => Some(Self::Html),
            "webmanifest" => Some(Self::Json),
            _ => None,
        }
    }

    fn write(self, text: &str) -> String {
        let marks = match self {
            Self::Html => &[
                ('&', "&amp;"),
                ('<', "&lt;"),
                ('>', "&gt;"),
                ('"', "&quot;"),
            ][..],
            Self::Json => &[('\\', "\\\\"), ('"', "\\\"")],
        };
        let mut written = String::new();
        let mut opens = true;
        for sign in text.chars() {
            if sign == '`' && self == Self::Html {
                written.push_str(if opens { "<code>" } else { "</code>" });
                opens = !opens;
                continue;
            }
            match marks.iter().find(|(mark, _)| *mark == sign) {
                Some((_, name)) => written.push_str(name),
                None => written.push(sign),
            }
        }
        written
    }
}

impl Messages {
    /// A static file with its messages in place.
    ///
    /// # Errors
    /// A name that is no message, or one with holes, which nobody would fill; a value in an attribute, where no element can
    /// stand.
    pub fn fill(&self, file: &str, form: Form) -> Result<String, Wrong> {
        let mut filled = String::new();
        let mut rest = file;
        while let Some((before, (name, after))) = next(rest) {
            let line = file[..file.len() - rest.len() + before.len()]
                .matches('\n')
                .count()
                + 1;
            let wrong = |what: &str| Wrong {
                line,
                what: format!("{name} {what}"),
            };
            let text = self.text(name).ok_or_else(|| wrong("is no message"))?;
            if has_holes(text) {
                return Err(wrong("has holes, which nothing fills here"));
            }
            if form == Form::Html && text.contains('`') && before.ends_with('"') {
                return Err(wrong("marks a value, which an attribute cannot"));
            }
            filled.extend([before, &form.write(text)]);
            rest = after;
        }
        Ok(filled + rest)
    }
}

/// What stands before the next name, the name, and what stands behind it.
fn next(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, rest) = text.split_once("{{")?;
    Some((before, rest.split_once("}}")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_their_file_needs_them() {
        let messages = Messages::read("a = \"x\" & `y<z>`\nb = {n} rows\n").unwrap();
        let html = messages.fill("<p>{{a}}</p>", Form::Html).unwrap();
        assert_eq!(html, "<p>&quot;x&quot; &amp; <code>y&lt;z&gt;</code></p>");
        let json = messages.fill(r#"["{{a}}"]"#, Form::Json).unwrap();
        assert_eq!(json, r#"["\"x\" & `y<z>`"]"#);
        for (file, line, what) in [
            ("\n<p>{{c}}", 2, "c is no message"),
            ("{{b}}", 1, "b has holes, which nothing fills here"),
            (
                "{{a}}\n<p title=\"{{a}}\">",
                2,
                "a marks a value, which an attribute cannot",
            ),
        ] {
            let what = what.to_owned();
            assert_eq!(messages.fill(file, Form::Html), Err(Wrong { line, what }));
        }
    }
}
