//! What the markup of a page may consist of, whatever text is in it.

use std::collections::HashSet;

use data_encoding::BASE64;
use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use sha2::{Digest, Sha256};

/// Everything that a page consists of; nothing here loads or runs anything.
const TAGS: &[&str] = &[
    "a",
    "article",
    "body",
    "caption",
    "circle",
    "code",
    "dd",
    "desc",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "li",
    "main",
    "mark",
    "meta",
    "nav",
    "ol",
    "p",
    "path",
    "pre",
    "rect",
    "section",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "wbr",
];

/// Attributes whose values are ours alone: words, numbers and identifiers.
const ATTRIBUTES: &[&str] = &[
    "aria-describedby",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "charset",
    "class",
    "content",
    "cx",
    "cy",
    "d",
    "height",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "open",
    "r",
    "role",
    "rx",
    "scope",
    "tabindex",
    "viewbox",
    "width",
    "x",
    "y",
];

/// A page taken apart.
pub struct Markup {
    /// All text, tag by tag.
    pub text: String,
    /// What of it is not as it should be.
    pub faults: Vec<String>,
}

/// Takes a page apart and judges it.
pub fn examine(page: &str) -> Markup {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut judge = Judge::default();
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(token) = token;
        judge.token(token);
    }
    judge.end();
    Markup { text: judge.text, faults: judge.faults }
}

#[derive(Default)]
struct Judge {
    text: String,
    faults: Vec<String>,
    open: Vec<String>,
    ids: HashSet<String>,
    /// The identifiers that other elements lead to.
    wanted: Vec<String>,
    heading: usize,
    policy: String,
    styles: Vec<String>,
}

/// Elements without an end tag.
const VOID: [&str; 2] = ["meta", "wbr"];

impl Judge {
    fn token(&mut self, token: Token) {
        match token {
            Token::StartTag(tag) => self.start(&tag),
            Token::EndTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                if self.open.pop().as_ref() != Some(&name) {
                    self.faults.push(format!("</{name}> closes something else"));
                }
            }
            Token::String(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                match self.open.last().map(String::as_str) {
                    Some("style") => self.styles.push(text),
                    _ => self.text.push_str(&text),
                }
            }
            Token::Comment(comment) => self.faults.push(format!("a comment: {comment:?}")),
            Token::Doctype(doctype) if doctype.force_quirks => self.faults.push("quirks mode".to_owned()),
            Token::Doctype(_) => {}
            Token::Error(error) => self.faults.push(format!("a parse error: {error:?}")),
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        if !TAGS.contains(&name.as_str()) {
            self.faults.push(format!("<{name}>"));
        }
        for (attribute, value) in &tag.attributes {
            let (attribute, value) = (String::from_utf8_lossy(attribute), String::from_utf8_lossy(value));
            self.attribute(&name, &attribute, &value);
        }
        if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<usize>().ok()) {
            if level > self.heading + 1 {
                self.faults.push(format!("<{name}> follows <h{}>", self.heading));
            }
            self.heading = level;
        }
        if !tag.self_closing && !VOID.contains(&name.as_str()) {
            self.open.push(name);
        }
    }

    fn attribute(&mut self, tag: &str, name: &str, value: &str) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || "-_ .".contains(c);
        let is_path = |c: char| c.is_ascii_digit() || " MLHVCmlhvc.-".contains(c);
        let is_number = |c: char| c.is_ascii_digit() || c == ' ';
        let is_right = match name {
            _ if !ATTRIBUTES.contains(&name) => false,
            "href" => {
                self.wanted.push(value.trim_start_matches('#').to_owned());
                value.starts_with('#') && value.chars().skip(1).all(is_word)
            }
            "id" => self.ids.insert(value.to_owned()) && value.chars().all(is_word),
            "d" => value.chars().all(is_path),
            "x" | "y" | "cx" | "cy" | "r" | "rx" | "width" | "height" | "viewbox" => value.chars().all(is_number),
            "aria-labelledby" | "aria-describedby" => {
                self.wanted.push(value.to_owned());
                value.chars().all(is_word)
            }
            "content" if value.starts_with("default-src") => {
                value.clone_into(&mut self.policy);
                true
            }
            "content" => value.chars().all(|c| is_word(c) || ",=".contains(c)),
            _ => value.chars().all(is_word),
        };
        if !is_right {
            self.faults.push(format!("<{tag} {name}={value:?}>"));
        }
    }

    fn end(&mut self) {
        for id in self.wanted.iter().filter(|id| !self.ids.contains(*id)) {
            self.faults.push(format!("nothing has the identifier {id:?}"));
        }
        if !self.open.is_empty() {
            self.faults.push(format!("not closed: {:?}", self.open));
        }
        let digests: Vec<String> = self.styles.iter().map(|style| BASE64.encode(&Sha256::digest(style))).collect();
        let [digest] = digests.as_slice() else {
            return self.faults.push(format!("{} stylesheets", digests.len()));
        };
        let policy = format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'");
        if self.policy != policy {
            self.faults.push(format!("the policy is {:?} and not {policy:?}", self.policy));
        }
    }
}
