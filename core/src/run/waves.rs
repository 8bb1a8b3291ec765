//! Several sources of one target, agreed to at once and written in waves.

use super::Plan;
use super::journal::sha256;

/// The waves, as places in the list of sources: the pilots, then the others. Where none is a
/// pilot, the first is: what goes wrong shall show where it is small.
pub fn waves(pilots: &[bool]) -> Vec<Vec<usize>> {
    let some = pilots.contains(&true);
    let is_pilot = |at: &usize| match some {
        true => pilots.get(*at) == Some(&true),
        false => *at == 0,
    };
    let (first, rest): (Vec<usize>, Vec<usize>) = (0..pilots.len()).partition(is_pilot);
    let mut waves = vec![first, rest];
    waves.retain(|wave| !wave.is_empty());
    waves
}

/// What is agreed to when several plans are agreed to at once: it lapses when one of them changes.
/// One plan alone keeps its own id. Each plan comes with the host of its source.
pub fn joint_id(plans: &[(&str, &Plan)]) -> String {
    match plans {
        [(_, plan)] => plan.id.clone(),
        _ => {
            let lines = plans
                .iter()
                .map(|(host, plan)| [host, " ", &plan.id].concat());
            sha256(&lines.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// How many people get a mail by any of these plans, when the number must be typed.
pub fn mails(plans: &[(&str, &Plan)]) -> Option<usize> {
    let all = plans.iter().filter_map(|(_, plan)| plan.reach.to_type());
    Some(all.sum()).filter(|mails| *mails > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Reach;

    fn plan(id: &str, mails: usize) -> Plan {
        Plan {
            id: id.to_owned(),
            sentence: String::new(),
            reach: Reach {
                mails,
                ..Reach::default()
            },
            reaches: String::new(),
            items: Vec::new(),
            by_hand: Vec::new(),
            warnings: Vec::new(),
            cannot_undo: Vec::new(),
        }
    }

    #[test]
    fn pilots_come_first_and_everybody_comes_once() {
        assert_eq!(waves(&[]), [[0_usize; 0]; 0]);
        assert_eq!(waves(&[false]), [[0]]);
        assert_eq!(waves(&[false, false, false]), [vec![0], vec![1, 2]]);
        assert_eq!(waves(&[false, true, true]), [vec![1, 2], vec![0]]);
        assert_eq!(waves(&[true, true]), [[0, 1]]);
    }

    #[test]
    fn agreeing_to_all_lapses_when_one_changes() {
        let (a, b, c) = (plan("a", 0), plan("b", 2), plan("c", 3));
        assert_eq!(joint_id(&[("x", &a)]), "a");
        let both = joint_id(&[("x", &a), ("y", &b)]);
        assert_ne!(both, joint_id(&[("x", &a), ("y", &c)]));
        assert_ne!(both, joint_id(&[("x", &b), ("y", &a)]), "who gets which");
        assert_eq!(both, joint_id(&[("x", &a), ("y", &b)]));
    }

    #[test]
    fn mails_are_counted_over_all() {
        let (a, b, c) = (plan("a", 0), plan("b", 2), plan("c", 3));
        assert_eq!(mails(&[("x", &a)]), None);
        assert_eq!(mails(&[("x", &a), ("y", &b), ("z", &c)]), Some(5));
    }
}
