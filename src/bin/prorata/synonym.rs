//! What to say to words that people type in place of a command.

/// The words for what is never done here.
const DELETE: [&str; 6] = ["delete", "del", "rm", "remove", "erase", "drop"];

/// Returns the command that is most likely meant by a word that is none, after a noun or in its
/// place.
pub(crate) fn instead_of(word: &str, noun: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    if DELETE.contains(&word.as_str()) {
        return Some(instead_of_delete(noun));
    }
    Some(match (word.as_str(), noun) {
        ("help", _) => {
            "name the command after the word: `prorata help event`, `prorata help event create`"
        }
        ("version", _) => "see `prorata --version`, also with `--verbose`",
        ("whoami" | "me" | "who", _) => "the command is `prorata whoami`",
        ("undo" | "revert" | "rollback", _) => {
            "each act has its own way back: `event cancel`, `withdrawal cancel`, `payment return`, `payment file cancel`, `bank unmatch`, `bank statement void`"
        }
        ("edit" | "update" | "change" | "modify" | "rename", "holder") => {
            "see `prorata holder set --help`"
        }
        ("edit" | "update" | "change" | "modify" | "rename", "event") => {
            "see `prorata event set --help`"
        }
        ("edit" | "update" | "change" | "modify" | "rename", "bank") => {
            "see `prorata bank set --help`"
        }
        ("edit" | "update" | "change" | "modify" | "rename", "user") => {
            "see `prorata user set --help`"
        }
        ("edit" | "update" | "change" | "modify" | "rename", "project") => {
            "see `prorata project set --help`"
        }
        ("edit" | "update" | "change" | "modify" | "rename", "withdrawal") => {
            "see `prorata withdrawal set --help`; for another amount cancel it and request it again"
        }
        ("edit" | "update" | "change" | "modify" | "rename", "payment") => {
            "see `prorata payment correct --help`"
        }
        ("edit" | "update" | "change" | "modify" | "rename", _) => {
            "name the thing first: `prorata holder set`, `prorata project set`, `prorata user set`, `prorata payment correct`"
        }
        ("ls" | "list" | "all" | "dir", "") => {
            "name the things first: `prorata event list`, `prorata holder list`, `prorata withdrawal list`"
        }
        ("ls" | "all" | "dir", _) => "the word is `list`",
        ("show" | "view" | "get" | "open" | "cat", "") => {
            "name the thing first: `prorata event show EVENT`, `prorata withdrawal show WITHDRAWAL`"
        }
        ("view" | "get" | "open" | "cat", _) => "the word is `show`",
        ("new" | "add" | "create" | "make", "") => {
            "name the thing first: `prorata event create`, `prorata holder add`, `prorata project add`"
        }
        ("new" | "add" | "make", "event" | "payment file") => "the word is `create`",
        ("new" | "create" | "make", "holder" | "user" | "project" | "bank") => "the word is `add`",
        ("new" | "add" | "create" | "make", "withdrawal") => "the word is `request`",
        ("search" | "find" | "grep", _) => {
            "lists can be searched: `prorata holder list -f csv | grep -i NAME`"
        }
        ("import", "") => {
            "name what is imported: `prorata holder import`, `prorata token import`, `prorata bank import`"
        }
        ("calculate" | "approve" | "cancel" | "reject" | "pay" | "request", "") => {
            "name the thing first, for example `prorata event approve EVENT` or `prorata withdrawal approve WITHDRAWAL`"
        }
        _ => return None,
    })
}

/// Returns what is done where other programs delete.
fn instead_of_delete(noun: &str) -> &'static str {
    match noun {
        "event" => "nothing is deleted; cancel it: `prorata event cancel EVENT --reason TEXT`",
        "withdrawal" => "nothing is deleted; cancel it: `prorata withdrawal cancel WITHDRAWAL`",
        "payment" => {
            "nothing is deleted; see `prorata payment correct` and `prorata payment return`"
        }
        "payment file" => {
            "nothing is deleted; cancel it: `prorata payment file cancel FILE --reason TEXT`"
        }
        "holder" => {
            "nothing is deleted; block the holder: `prorata holder block HOLDER --reason TEXT`"
        }
        "user" => {
            "nobody is deleted; take the access away: `prorata user set USER --status inactive`"
        }
        _ => {
            "nothing is deleted; most things can be cancelled: see the command of the thing with `--help`"
        }
    }
}

/// Returns the command that shows a numbered thing, if a word names one: `withdrawal show W-1`.
pub(crate) fn show(code: &str) -> Option<String> {
    let (letter, number) = code.split_once('-')?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let command = match letter.to_ascii_uppercase().as_str() {
        "W" => "withdrawal show",
        "P" => "payment show",
        "F" => "payment file show",
        "L" => "bank explain",
        "Q" => "proposal show",
        "X" => "tax certificate show",
        "T" => "tax remittance show",
        _ => return None,
    };
    Some(format!("prorata {command} {}", code.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_place_of_a_command_are_answered() {
        for (word, noun, answer) in [
            ("delete", "event", "nothing is deleted"),
            ("RM", "event", "nothing is deleted"),
            ("rm", "bank", "nothing is deleted"),
            ("ls", "", "`prorata event list`"),
            ("ls", "holder", "the word is `list`"),
            ("new", "event", "the word is `create`"),
            ("undo", "", "each act has its own way back"),
            ("search", "holder", "lists can be searched"),
        ] {
            let found = instead_of(word, noun).unwrap_or_default();
            assert!(found.contains(answer), "{word} {noun}: {found}");
        }
        assert_eq!(instead_of("holdr", ""), None);
    }

    /// Every command that an answer names is one.
    #[test]
    fn answers_name_commands() {
        let mut program = crate::cli::program();
        program.build();
        let words = [
            "delete", "undo", "edit", "ls", "show", "new", "search", "import", "approve",
        ];
        let nouns = [
            "",
            "event",
            "withdrawal",
            "payment",
            "payment file",
            "holder",
            "user",
            "project",
            "bank",
        ];
        for (word, noun) in words.iter().flat_map(|word| nouns.map(|noun| (word, noun))) {
            let Some(answer) = instead_of(word, noun) else {
                continue;
            };
            for named in answer
                .split('`')
                .skip(1)
                .step_by(2)
                .filter(|named| named.starts_with("prorata "))
            {
                let mut command = &program;
                for part in named.split(' ').skip(1) {
                    let Some(below) = command.find_subcommand(part) else {
                        break;
                    };
                    command = below;
                }
                assert!(!command.has_subcommands(), "`{named}` is not a command");
            }
        }
    }
}
