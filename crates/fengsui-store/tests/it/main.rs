//! The store against its promises.
//!
//! The modules listed in `conformance!` are functions over any [`home::Home`]; a second back end joins by
//! one more line there. The others are about SQLite's files alone: what may be found in a folder, what
//! a verification must see, what a kill or a failing disk may leave.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod append;
mod backup;
mod cluster;
mod commits;
mod desk;
mod duties;
mod folder;
mod group;
mod home;
mod invariants;
mod killed;
mod lines;
mod lists;
mod looking;
mod make;
mod moving;
mod proofs;
mod resources;
mod search;
mod server;
mod sides;
mod tamper;
mod tampering;

/// Runs functions of one module in a fresh home each.
macro_rules! tests {
    ($home:ident, $module:ident: $($test:ident,)+) => {
        mod $module {
            $(#[tokio::test]
            async fn $test() {
                crate::$module::$test(&crate::home::$home::new()).await;
            })+
        }
    };
}

/// Runs the whole suite in homes of one kind.
macro_rules! conformance {
    ($home:ident) => {
        tests! { $home, append:
            entries_are_what_was_committed,
            every_subject_is_folded_and_read_back,
            a_change_that_cannot_come_next_is_refused,
            a_batch_has_one_subject,
            an_entry_fills_its_limit_to_the_byte,
            a_judgement_that_hands_on_reads_back,
            subjects_are_announced,
        }
        tests! { $home, commits:
            versions_decide_who_was_first,
            names_and_numbers_are_given_once,
            a_repeated_request_gets_its_first_answer,
            a_refused_commit_leaves_nothing,
            values_out_of_range_harm_nobody_else,
        }
        tests! { $home, lists:
            events_page_through_ties,
            incidents_page_through_ties,
            open_clocks_page_through_ties,
            sightings_page_through_ties,
            sightings_are_filtered_by_what_and_where,
            indicator_lists_page_by_name,
            entries_page_newest_first,
            numbers_lead_to_their_bearers,
            filters_hold_on_every_page,
            words_are_taken_literally,
            small_lists_come_sorted,
        }
        tests! { $home, desk:
            the_clock_table_is_the_running_clocks,
            clocks_wake_in_order,
            what_waits_for_a_decision_is_listed,
            numbers_go_on_after_the_highest,
            phases_and_states_are_counted,
        }
        tests! { $home, search:
            words_of_both_languages_are_found,
            what_is_found_pages_newest_first,
            the_index_follows_what_is_written,
            what_is_sealed_is_not_searched,
        }
        tests! { $home, resources:
            resources_page_through_ties,
            resources_are_found_by_words_of_both_languages,
            filters_of_resources_hold_together,
            a_resource_follows_its_changes,
            what_can_be_offered_comes_latest_first,
            the_same_title_and_holder_are_the_same_resource,
        }
        tests! { $home, duties:
            a_unit_has_one_book_while_it_is_kept,
            records_come_in_the_order_of_their_deeds,
            a_record_follows_its_changes,
        }
        tests! { $home, sides:
            sessions_begin_are_seen_and_end,
            sessions_of_an_account_come_last_used_first,
            expired_sessions_are_forgotten,
            a_code_works_once,
            old_request_keys_are_forgotten,
            secrets_are_put_found_and_dropped,
            indicators_are_replaced_whole,
            a_sighting_is_one_row,
            a_source_is_one_row,
            debug_output_keeps_secrets,
        }
        tests! { $home, proofs:
            every_checkpoint_is_signed_and_follows_the_last,
            entries_come_by_the_tile,
        }
    };
}

mod sqlite {
    conformance!(Sqlite);
    // About what stays when a handle goes, and about writers beside each other.
    tests! { Sqlite, group:
        many_at_once_share_syncs_and_lose_nothing,
        one_that_fails_takes_nobody_along,
        two_handles_continue_one_ledger,
        a_dropped_store_opens_again_as_it_was,
        an_index_of_words_by_another_rule_is_made_anew,
    }
}

mod memory {
    conformance!(Memory);
}

mod postgres {
    #[tokio::test]
    async fn the_expected_structure_is_what_the_migrations_make() {
        crate::server::structure(&crate::home::Postgres::new()).await;
    }

    conformance!(Postgres);
    tests! { Postgres, group:
        many_at_once_share_syncs_and_lose_nothing,
        one_that_fails_takes_nobody_along,
        two_handles_continue_one_ledger,
        a_dropped_store_opens_again_as_it_was,
        an_index_of_words_by_another_rule_is_made_anew,
    }
}
