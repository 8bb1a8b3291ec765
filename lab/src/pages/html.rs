//! HTML text: escaping, and the few forms that pages share.

use crate::wire::Response;

/// A text for element content and attribute values.
pub(crate) fn esc(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '"' => made.push_str("&quot;"),
            '\'' => made.push_str("&#39;"),
            other => made.push(other),
        }
    }
    made
}

/// A whole page with a title and body HTML.
pub(crate) fn page(status: u16, title: &str, body: &str) -> Response {
    let text = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"/assets/lab.css\"></head><body>{body}</body></html>\n",
        esc(title)
    );
    Response::text(status, "text/html;charset=utf-8", text)
}

/// A page that says one thing.
pub(crate) fn notice(status: u16, title: &str, text: &str) -> Response {
    let body = format!(
        "<main><h1>{}</h1><p id=\"notice\">{}</p></main>",
        esc(title),
        esc(text)
    );
    page(status, title, &body)
}

/// A labelled text field; `id` serves as name too.
pub(crate) fn field(id: &str, label: &str, value: &str) -> String {
    let (label, value) = (esc(label), esc(value));
    format!(
        "<label for=\"{id}\">{label}</label><input type=\"text\" id=\"{id}\" name=\"{id}\" value=\"{value}\">"
    )
}

/// A labelled choice; each option is value and text.
pub(crate) fn choice(id: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> String {
    let options: String = options
        .iter()
        .map(|(value, text)| {
            let mark = if *value == chosen { " selected" } else { "" };
            format!(
                "<option value=\"{}\"{mark}>{}</option>",
                esc(value),
                esc(text)
            )
        })
        .collect();
    format!(
        "<label for=\"{id}\">{}</label><select id=\"{id}\" name=\"{id}\">{options}</select>",
        esc(label)
    )
}

/// A labelled box to tick.
pub(crate) fn tick(id: &str, label: &str, on: bool) -> String {
    let mark = if on { " checked" } else { "" };
    format!(
        "<label class=\"choice\"><input type=\"checkbox\" id=\"{id}\" name=\"{id}\" value=\"true\"{mark}> {}</label>",
        esc(label)
    )
}

/// A form that one of the console's actions takes.
pub(crate) fn form(action: &str, inner: &str, button: &str) -> String {
    format!(
        "<form data-send method=\"post\" action=\"/admin/_do/{action}\">{inner}\
         <button type=\"submit\" class=\"primary\">{}</button></form>",
        esc(button)
    )
}

/// A form of hidden values and one button, for acting on one row of a list.
pub(crate) fn press(action: &str, values: &[(&str, &str)], button: &str) -> String {
    let hidden: String = values
        .iter()
        .map(|(name, value)| hidden(name, value))
        .collect();
    form(action, &hidden, button).replacen("<form ", "<form class=\"inline\" ", 1)
}

/// A value that goes along with a form unseen.
pub(crate) fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
        esc(name),
        esc(value)
    )
}

/// Terms and their values, each value an element of its own that carries nothing else.
pub(crate) fn values(rows: &[(&str, &str, String)]) -> String {
    let rows: String = rows
        .iter()
        .map(|(id, term, value)| {
            format!("<dt>{}</dt><dd id=\"{id}\">{}</dd>", esc(term), esc(value))
        })
        .collect();
    format!("<dl>{rows}</dl>")
}

/// A table; cells are HTML already.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{}</th>", esc(head)))
        .collect();
    let row = |cells: &Vec<String>| {
        let cells: String = cells
            .iter()
            .map(|cell| format!("<td>{cell}</td>"))
            .collect();
        format!("<tr>{cells}</tr>")
    };
    let rows: String = rows.iter().map(row).collect();
    format!("<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
}

/// A link.
pub(crate) fn link(address: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", esc(address), esc(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_becomes_markup() {
        let made = field("label", "Label", "\"><img src=x onerror=alert(1)>");
        assert!(!made.contains("<img"));
        assert!(values(&[("x", "X", "</dd><script>".to_owned())]).contains("&lt;script&gt;"));
    }
}
