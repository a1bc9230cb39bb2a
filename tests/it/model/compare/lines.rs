//! The tables of the model as lines of text.

use super::super::{
    act::Bank,
    bank::Line,
    books::{Account, Basis, Books, Event, Payment, Share, Withdrawal},
    matching::Link,
    proceeds::EventBasis,
    units::{Units, canonical, signed},
};

impl Books {
    fn name(&self, user: usize) -> &str {
        &self.users[user].code
    }

    fn maybe(&self, user: Option<usize>) -> &str {
        user.map_or("", |user| self.name(user))
    }
}

impl Bank {
    fn line(&self) -> String {
        [self.name, self.code, self.number]
            .map(Option::unwrap_or_default)
            .join("|")
    }
}

pub(super) fn users(books: &Books) -> Vec<String> {
    let line = |user: &super::super::books::User| {
        let status = if user.active { "active" } else { "inactive" };
        let known = books.maybe(user.acknowledged_by);
        format!("{}|{}|{status}|{known}", user.code, user.role)
    };
    books.users.iter().map(line).collect()
}

pub(super) fn holders(books: &Books) -> Vec<String> {
    let line = |holder: &super::super::books::Holder| {
        let status = if holder.blocked { "blocked" } else { "active" };
        let tax = [holder.tax.kind, holder.tax.residence, holder.tax.state];
        let tax = tax.map(Option::unwrap_or_default).join("|");
        format!(
            "{}|{}|{status}|{tax}|{}|{}",
            holder.code,
            holder.name,
            holder.bank.line(),
            books.maybe(holder.bank_by)
        )
    };
    books.holders.iter().map(line).collect()
}

pub(super) fn register(books: &Books) -> Vec<String> {
    let holder = |at: Option<usize>| at.map_or("", |at| &books.holders[at].code);
    let line = |flow: &super::super::books::Flow| {
        let (project, by) = (books.projects[flow.project].code, books.name(flow.by));
        let (from, to, reference) = (
            holder(flow.from),
            holder(flow.to),
            flow.reference.as_deref().unwrap_or_default(),
        );
        format!(
            "{project}|{from}|{to}|{}|{}|{reference}|{by}",
            canonical(flow.tokens),
            flow.date
        )
    };
    books.register.iter().map(line).collect()
}

pub(super) fn supplies(books: &Books) -> Vec<String> {
    let line = |(at, project): (usize, &super::super::books::Project)| {
        let (issued, redeemed) = books.supply(at);
        format!(
            "{}|{}|{}",
            project.code,
            canonical(issued),
            canonical(redeemed)
        )
    };
    books.projects.iter().enumerate().map(line).collect()
}

pub(super) fn projects(books: &Books) -> Vec<String> {
    let line = |project: &super::super::books::Project| {
        let minimum = canonical(project.minimum);
        let profile = project.profile.unwrap_or_default();
        let by = books.maybe(project.profile_set.map(|(by, _)| by));
        format!(
            "{}|{}|{minimum}|{profile}|{by}",
            project.code, project.currency
        )
    };
    books.projects.iter().map(line).collect()
}

pub(super) fn events(books: &Books) -> Vec<String> {
    let line = |event: &Event| {
        let Event {
            code,
            kind,
            given,
            unit,
            date,
            record_date,
            status,
            ..
        } = event;
        let project = &books.projects[event.project];
        let amount = event.amount().map(canonical).unwrap_or_default();
        let gross = given.gross().map(canonical).unwrap_or_default();
        let rate = match given {
            EventBasis::Amount(_) | EventBasis::Gross(_) => "|".to_owned(),
            EventBasis::Rate(rate) => {
                let rounding = rate.rounding.unwrap_or("half-up");
                format!("{}|{rounding}", canonical(rate.per_token))
            }
        };
        let amount = format!("{kind}|{amount}|{gross}|{rate}");
        let unit = canonical(*unit);
        let (snapshot, tokens, allocated) = if event.calculated_by.is_some() {
            let tokens = [event.frozen.tokens, event.frozen.counted].map(canonical);
            (record_date.to_string(), tokens.join("|"), event.allocated())
        } else {
            (String::new(), "|".to_owned(), 0)
        };
        let sums = format!(
            "{}|{}|{}|{}|{}|{}|{}",
            canonical(allocated),
            canonical(event.frozen.retained),
            canonical(event.tax()),
            canonical(event.withdrawn()),
            canonical(event.pending()),
            canonical(event.brought()),
            canonical(event.carried())
        );
        let by = [
            Some(event.created_by),
            event.calculated_by,
            event.approved_by,
            event.cancelled_by,
        ];
        let by = by.map(|user| books.maybe(user)).join("|");
        let profile = event.frozen.tax.as_ref().map_or("", |tax| tax.profile);
        let terms = format!(
            "{}|{}|{amount}|{unit}|{date}|{record_date}|{}|{}|{profile}",
            project.code,
            project.currency,
            canonical(event.minimum),
            if event.exempt { "law" } else { "" }
        );
        let nav = event.frozen.nav.map(canonical).unwrap_or_default();
        format!("{code}|{terms}|{status}|{snapshot}|{tokens}|{sums}|{by}|{nav}")
    };
    books.events.iter().map(line).collect()
}

pub(super) fn allocations(books: &Books) -> Vec<String> {
    let line = |event: &Event, share: &Share| {
        let left = share.pending + share.available();
        let status = match (left, share.withdrawn, share.carried) {
            (0, _, 1..) => "settled",
            (0, 0, 0) if share.tax > 0 => "settled",
            (_, 0, _) => "allocated",
            (0, _, _) => "fully_withdrawn",
            _ => "partially_withdrawn",
        };
        let Share {
            tokens,
            percentage,
            allocated,
            assigned,
            tax,
            brought,
            carried,
            withdrawn,
            pending,
            ..
        } = *share;
        let sums = [
            tokens,
            percentage,
            allocated,
            assigned,
            tax,
            withdrawn,
            pending,
            share.available(),
            brought,
            carried,
        ]
        .map(canonical)
        .join("|");
        format!(
            "{}|{}|{sums}|{status}",
            event.code, books.holders[share.holder].code
        )
    };
    books
        .events
        .iter()
        .flat_map(|event| event.shares.iter().map(move |share| line(event, share)))
        .collect()
}

pub(super) fn withdrawals(books: &Books) -> Vec<String> {
    let line = |(at, withdrawal): (usize, &Withdrawal)| {
        let Withdrawal {
            event,
            holder,
            amount,
            status,
            means,
            bank,
            bank_by,
            ..
        } = withdrawal;
        let (event, holder) = (&books.events[*event].code, &books.holders[*holder].code);
        let by = [
            *bank_by,
            Some(withdrawal.requested_by),
            withdrawal.approved_by,
            withdrawal.rejected_by,
        ];
        let by = [
            by.map(|user| books.maybe(user)).join("|"),
            books.maybe(withdrawal.cancelled_by).to_owned(),
        ]
        .join("|");
        let paid = withdrawal.payment.map_or_else(
            || "|||".to_owned(),
            |payment| {
                let Payment {
                    amount,
                    reference,
                    date,
                    by,
                    ..
                } = &books.payments[payment];
                format!(
                    "{reference}|{date}|{}|{}",
                    canonical(*amount),
                    books.name(*by)
                )
            },
        );
        format!(
            "{}|{event}|{holder}|{}|{status}|{}|{by}|{paid}|{means}",
            at + 1,
            canonical(*amount),
            bank.line()
        )
    };
    books.withdrawals.iter().enumerate().map(line).collect()
}

pub(super) fn payments(books: &Books) -> Vec<String> {
    let line = |(at, payment): (usize, &Payment)| {
        let withdrawal = &books.withdrawals[payment.withdrawal];
        let Withdrawal {
            event,
            holder,
            bank,
            ..
        } = withdrawal;
        let (holder, currency) = (
            &books.holders[*holder].code,
            books.projects[books.events[*event].project].currency,
        );
        let status = if payment.returned.is_some() {
            "returned"
        } else {
            "recorded"
        };
        let replaces = payment
            .replaces
            .map(|replaced| (replaced + 1).to_string())
            .unwrap_or_default();
        let returned = payment.returned.map_or_else(
            || "|".to_owned(),
            |(date, by)| format!("{date}|{}", books.name(by)),
        );
        let (number, reference, date) = (payment.withdrawal + 1, &payment.reference, payment.date);
        let paid = format!(
            "{}|{currency}|{reference}|{date}",
            canonical(payment.amount)
        );
        let account = bank.number.unwrap_or_default();
        let from = match payment.basis {
            Basis::Typed => String::new(),
            Basis::Line(line) => (line + 1).to_string(),
        };
        format!(
            "{}|{number}|{holder}|{paid}|{status}|{account}|{replaces}|{}|{returned}|{from}|{}",
            at + 1,
            books.name(payment.by),
            books.maybe(payment.settled)
        )
    };
    books.payments.iter().enumerate().map(line).collect()
}

pub(super) fn files(books: &Books) -> Vec<String> {
    let line = |(at, file): (usize, &super::super::books::File)| {
        let item = |withdrawal: &usize| {
            format!("{}:{}", withdrawal + 1, u8::from(file.holds(*withdrawal)))
        };
        let items: Vec<String> = file.withdrawals.iter().map(item).collect();
        let total = (file.written())
            .map(|withdrawal| books.withdrawals[withdrawal].amount)
            .sum();
        let (account, by) = (
            &books.accounts[file.account].code,
            [file.cancelled_by, file.exported]
                .map(|by| books.maybe(by))
                .join("|"),
        );
        let sums = format!("{}|{}", file.written().count(), canonical(total));
        format!(
            "{}|{account}|{}|{sums}|{by}|{}",
            at + 1,
            file.layout,
            items.join(" ")
        )
    };
    books.files.iter().enumerate().map(line).collect()
}

pub(super) fn navs(books: &Books) -> Vec<String> {
    let line = |nav: &super::super::books::Nav| {
        let (project, by) = (books.projects[nav.project].code, books.name(nav.by));
        format!("{project}|{}|{}|{by}", nav.date, canonical(nav.amount))
    };
    books.navs.iter().map(line).collect()
}

pub(super) fn imports(books: &Books) -> Vec<String> {
    let line = |import: &super::super::imports::TokenImport| {
        let (project, rows) = (books.projects[import.project].code, import.rows);
        let read = rows + import.left_out;
        format!("{project}|{read}|{}|{rows}", canonical(import.tokens))
    };
    books.imports.iter().map(line).collect()
}

pub(super) fn accounts(books: &Books) -> Vec<String> {
    let line = |Account {
                    code,
                    bank,
                    number,
                    currency,
                    project,
                }: &Account| {
        format!(
            "{code}|{bank}|{number}|{currency}|{}",
            project.map_or("", |project| books.projects[project].code)
        )
    };
    books.accounts.iter().map(line).collect()
}

pub(super) fn statements(books: &Books) -> Vec<String> {
    let line = |statement: &super::super::bank::Statement| {
        let super::super::bank::Statement {
            account,
            rows,
            new,
            void,
            ..
        } = statement;
        let amounts = || rows.iter().map(|row| row.amount);
        let (debits, credits) = (
            amounts().filter(|amount| *amount < 0),
            amounts().filter(|amount| *amount > 0),
        );
        let sums = [-debits.sum::<Units>(), credits.sum()]
            .map(canonical)
            .join("|");
        let (first, last) = (
            rows.iter().map(|row| row.date).min(),
            rows.iter().map(|row| row.date).max(),
        );
        let [first, last] =
            [first, last].map(|date| date.map(|date| date.to_string()).unwrap_or_default());
        format!(
            "{}|{new}|{}|{sums}|{first}|{last}|{}",
            books.accounts[*account].code,
            rows.len() - new,
            books.maybe(*void)
        )
    };
    books.statements.iter().map(line).collect()
}

pub(super) fn bank_lines(books: &Books) -> Vec<String> {
    let line = |line: &Line| {
        let (row, account) = (&line.row, &books.accounts[line.account].code);
        let (number, amount) = (line.statement + 1, signed(row.amount));
        format!(
            "{account}|{number}|{}|{amount}|{}|{}|{}",
            row.date, row.reference, row.text, line.occurrence
        )
    };
    books.lines.iter().map(line).collect()
}

pub(super) fn links(books: &Books) -> Vec<String> {
    let line = |link: &Link| {
        let live = u8::from(link.is_live());
        let members = |places: &Vec<usize>| {
            let mut places = places.clone();
            places.sort_unstable();
            places
                .iter()
                .map(|place| format!("{}:{live}", place + 1))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let Link {
            account,
            kind,
            tier,
            state,
            lines,
            withdrawals,
        } = link;
        let account = &books.accounts[*account].code;
        format!(
            "{account}|{kind}|{tier}|{state}|{}|{}",
            members(lines),
            members(withdrawals)
        )
    };
    books.links.iter().map(line).collect()
}

pub(super) fn keys(books: &Books) -> Vec<String> {
    books.keys.keys().cloned().collect()
}
