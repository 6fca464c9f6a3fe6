//! What a visitor wants to see ranked: a kind of machine, an order, a page of the list.

use report::Component;

use super::view::PAGE_SIZE;
use crate::domain::ranking::RankingQuery;
use crate::web::address::Address;
use crate::web::kind::Kind;

/// The parameters of `/`. What does not fit is left out: an old link still shows the ranking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only machines of this kind.
    pub(crate) kind: Option<Kind>,
    /// By this component instead of the global score.
    pub(crate) by: Option<Component>,
    /// Counted from 0.
    pub(crate) page: u32,
}

impl Filter {
    /// Reads an address.
    pub(crate) fn of(address: &Address) -> Self {
        let page: u32 = address.get("page").and_then(|page| page.parse().ok()).unwrap_or(1);
        Self {
            kind: address.get("kind").and_then(Kind::from_name),
            by: address.get("by").and_then(Component::from_name),
            page: page.saturating_sub(1),
        }
    }

    /// What the store is asked for.
    pub(crate) fn query(self) -> RankingQuery {
        let offset = u64::from(self.page) * u64::from(PAGE_SIZE);
        RankingQuery { kind: self.kind, by: self.by, offset, limit: PAGE_SIZE }
    }

    /// The address of this view.
    pub(crate) fn link(self) -> String {
        let mut address = Address::root();
        if let Some(kind) = self.kind {
            address = address.with("kind", kind.as_str());
        }
        if let Some(by) = self.by {
            address = address.with("by", by.as_str());
        }
        if self.page > 0 {
            address = address.with("page", &(u64::from(self.page) + 1).to_string());
        }
        address.link()
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Filter};

    #[test]
    fn an_address_is_read_and_written_alike() {
        for link in ["/", "/?kind=vm", "/?kind=single_board&by=disk&page=3"] {
            let filter = Filter::of(&Address::of(&link.parse().unwrap()));
            assert_eq!(filter.link(), link);
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let filter = Filter::of(&Address::of(&"/?kind=toaster&by=score&page=-1".parse().unwrap()));
        assert_eq!(filter, Filter::default());
    }
}
