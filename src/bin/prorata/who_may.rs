//! Who may do what was refused to the acting user.

use prorata::{
    domain::{
        Refused,
        code::Code,
        user::{Act, UserStatus},
    },
    ops,
    store::{Access, AsOf, Ledger},
};

use crate::{failure::Failure, global::Global};

/// Lists the active users whose role allows an act, if the ledger can be read now.
pub(crate) fn users(global: &Global, act: Act) -> Vec<String> {
    let mut users = Vec::new();
    let Ok(mut ledger) = Ledger::open(&global.ledger, Access::Read, global.wait) else {
        return users;
    };
    let listed = ops::user::list(&mut ledger, AsOf::Now, &mut |user| {
        if user.status == UserStatus::Active && user.role.may(act) {
            users.push(user.user.code.to_string());
        }
        Ok(())
    });
    listed.map(|()| users).unwrap_or_default()
}

/// Names the users who may do what was refused to the acting user.
pub(crate) fn who_may(failure: &Failure<'_>, act: Act, but: Option<&str>) -> String {
    let users: Vec<String> = (failure.users_who_may)(act)
        .into_iter()
        .filter(|user| but != Some(user.as_str()))
        .collect();
    let kind = match act {
        Act::Review => "approvers",
        Act::Record => "operators",
        Act::ManageUsers => "admins",
        Act::Read => "users",
    };
    if users.is_empty() {
        format!("no other user may; see the {kind} in `prorata user list`")
    } else {
        format!("{kind}: {}", users.join(", "))
    }
}

/// Names the users who may approve, or what to do if nobody may.
pub(crate) fn approvers(may: &[Code], otherwise: &str) -> String {
    if may.is_empty() {
        return format!("add an approver: `prorata user add CODE --role approver`; or {otherwise}");
    }
    these("approvers", may)
}

/// Names users by their kind.
pub(crate) fn these(kind: &str, users: &[Code]) -> String {
    let users: Vec<&str> = users.iter().map(Code::as_str).collect();
    format!("{kind}: {}", users.join(", "))
}

/// Returns who may approve what the acting user had a hand in.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other refusals have their hint in another of these functions, or none"
)]
pub(crate) fn about_hands(refused: &Refused) -> Option<String> {
    match refused {
        Refused::EventSameActor { event, may, .. }
        | Refused::EventSameRegisterActor { event, may, .. } => Some(approvers(
            may,
            &format!(
                "to let somebody else do it, cancel it with `prorata event cancel {event}`, or take the import of the register back with `prorata token undo`, and begin again"
            ),
        )),
        Refused::WithdrawalBankChanger { holder, may, .. } => Some(approvers(
            may,
            &format!(
                "let one operator remove the account and set it again, which begins with that one: `prorata holder account remove {holder}`"
            ),
        )),
        Refused::ProposalSameActor { proposal, may, .. } => Some(approvers(
            may,
            &format!(
                "reject it and let somebody else propose it: `prorata proposal reject {proposal} --reason TEXT`"
            ),
        )),
        Refused::WithdrawalSameActor {
            withdrawal, may, ..
        }
        | Refused::WithdrawalUnblocker {
            withdrawal, may, ..
        } => Some(approvers(
            may,
            &format!(
                "cancel it and let somebody else request it: `prorata withdrawal cancel {withdrawal}`"
            ),
        )),
        Refused::NotAcknowledged {
            actor,
            acknowledgers,
            ..
        } => {
            let may: Vec<&str> = acknowledgers.iter().map(Code::as_str).collect();
            Some(format!(
                "one of {} acknowledges the user: `prorata user acknowledge {actor}`",
                may.join(", ")
            ))
        }
        Refused::WithdrawalSameApprover { may, .. } => Some(match may.as_slice() {
            [] => "add an operator: `prorata user add CODE --role operator`".to_owned(),
            may => these("operators", may),
        }),
        // Who records may correct too.
        Refused::PaymentSameActor {
            verb: "correct it",
            may,
            ..
        } if !may.is_empty() => Some(these("users who may", may)),
        Refused::PaymentSameActor { may, .. }
        | Refused::ReturnSameActor { may, .. }
        | Refused::LineOtherCreditor { may, .. }
        | Refused::LineOtherCreditorRole { may, .. }
        | Refused::PaymentFileSameActor { may, .. }
        | Refused::AcknowledgeSameActor { may, .. }
        | Refused::StatementSameActor { may, .. } => Some(match may.as_slice() {
            [] => "add an approver: `prorata user add CODE --role approver`".to_owned(),
            may => these("approvers", may),
        }),
        _ => None,
    }
}
