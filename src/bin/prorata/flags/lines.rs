//! Which bank lines a command decides about.

use std::path::PathBuf;

use prorata::{
    domain::{
        matching::Tier,
        reconciliation::decision::{DecisionVerb, LineDecision},
    },
    intake::DecisionDefaults,
    ops::{self, bank::DecisionSource},
    report,
};

use super::{PiiFlag, YesFlag, sheet::SheetFlags};
use crate::{
    noun,
    open::{Context, Writer},
    present::Outcome,
    prompt,
};

/// The lines of a command.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LineSelection {
    /// Bank line codes, for example L-000104
    #[arg(value_name = "LINE", required_unless_present_any = ["all", "from"], conflicts_with_all = ["all", "from"])]
    lines: Vec<String>,
    /// Bank account code, with --all
    #[arg(long, value_name = "ACCOUNT", requires = "all")]
    account: Option<String>,
    /// All lines of the account that the command can decide
    #[arg(long, requires = "account", conflicts_with = "from")]
    all: bool,
    /// CSV file: line[,decision,kind,payment,reason]; - is standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    sheet: SheetFlags,
}

/// How a command decides about its lines.
pub(crate) struct LineCommand {
    pub(crate) lines: LineSelection,
    pub(crate) tier: Option<Tier>,
    /// What is decided about lines that are named; what a file leaves open is in the defaults.
    pub(crate) decision: Option<LineDecision>,
    pub(crate) defaults: DecisionDefaults,
}

impl LineSelection {
    /// Returns the line, if it is one alone: its command shows the line, not a list.
    pub(crate) fn single(&self) -> Option<&str> {
        match self.lines.as_slice() {
            [line] => Some(line),
            [] | [_, _, ..] => None,
        }
    }
}

impl LineCommand {
    fn source(self, cx: &Context) -> anyhow::Result<DecisionSource> {
        let LineSelection {
            lines,
            account,
            from,
            sheet,
            ..
        } = self.lines;
        if let Some(file) = from {
            return Ok(DecisionSource::File {
                file: cx.read_sheet(&file, sheet.options()?)?,
                defaults: self.defaults,
            });
        }
        sheet.without_file(None)?;
        let missing = || {
            crate::usage::Usage::Invalid(
                "say what the lines are with `--kind` and `--reason`".to_owned(),
            )
        };
        let decision = self.decision.ok_or_else(missing)?;
        Ok(match account {
            Some(account) => DecisionSource::All {
                account,
                tier: self.tier,
                decision,
            },
            None => DecisionSource::Lines { lines, decision },
        })
    }

    /// Asks, decides, and shows the lines.
    pub(crate) fn run(
        self,
        writer: Writer<'_>,
        ledger: &mut prorata::store::Ledger,
        (pii, yes): (PiiFlag, YesFlag),
    ) -> anyhow::Result<Outcome> {
        let verb = self.defaults.verb;
        let source = self.source(writer.cx)?;
        let must_agree = match &source {
            DecisionSource::All { .. } => prompt::Asks::Always,
            DecisionSource::Lines { .. } | DecisionSource::File { .. } => prompt::Asks::OnTerminal,
        };
        let shown = prompt::lines(&writer, yes, (verb, must_agree), || {
            ops::bank::preview_decisions(ledger, writer.key(), &source)
        })?;
        let pii = writer.pii(pii);
        let mut list = writer.list(report::bank::LINES)?;
        let session = writer.session()?;
        let done = ops::bank::decide_lines(ledger, session, verb, &source, shown.as_ref())?;
        for line in &done.value.lines {
            let cells = report::bank::line(line, pii);
            list.add(&cells).map_err(ops::Error::Output)?;
        }
        let said: Vec<String> = done.value.verbs.iter().map(said).collect();
        let said = match source {
            DecisionSource::All { account, .. } => {
                format!(
                    "{}; next: `prorata bank reconcile {account}`",
                    said.join(", ")
                )
            }
            DecisionSource::Lines { .. } | DecisionSource::File { .. } => {
                format!("{}; next: `prorata bank reconcile`", said.join(", "))
            }
        };
        Ok(writer.wrote_list(&done, list, said))
    }
}

fn said(of: &ops::bank::VerbCount) -> String {
    match of.verb {
        DecisionVerb::Confirm => format!("confirmed {}", noun::PROPOSAL.count(of.count)),
        DecisionVerb::Reject => format!("rejected {}", noun::PROPOSAL.count(of.count)),
        DecisionVerb::Match => format!("matched {}", noun::LINE.count(of.count)),
        DecisionVerb::Resolve => format!("explained {}", noun::LINE.count(of.count)),
    }
}
