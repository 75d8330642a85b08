//! The disposal chain, and what bodies order of each other.

use fengsui_domain::plan::Stage;

use super::Page;

pub(super) fn disposal(page: &mut Page<'_>) {
    let Some(disposal) = &page.plan.disposal else { return };
    page.section("处置方案", "Disposal plan");
    page.line(page.say("各环节由不同人员办理。\n", "Each stage by another person.\n"));
    for (zh, en, stage) in [
        ("制订", "Draft", Some(&disposal.draft)),
        ("检验", "Verify", Some(&disposal.verify)),
        ("汇总检验结果", "Sum up the findings", disposal.sum_up.as_ref()),
        ("批准", "Approve", Some(&disposal.approve)),
        ("实施", "Execute", Some(&disposal.execute)),
    ] {
        let Some(stage) = stage else { continue };
        let line = stage_text(page, stage);
        page.entry(0, (zh, en), &line);
    }
    for (zh, en, order) in [
        ("批准后下达", "Approval gives", disposal.order.as_ref()),
        ("批准后按每项资源下达", "Approval gives, for each resource", disposal.resources.as_ref()),
    ] {
        if let Some(order) = order.and_then(|order| page.plan.order(order)) {
            page.entry(0, (zh, en), page.text(&order.title));
        }
    }
}

pub(super) fn orders(page: &mut Page<'_>) {
    if page.plan.orders.is_empty() && page.plan.grants.is_none() {
        return;
    }
    page.section("指令与授权", "Orders and permissions");
    for order in &page.plan.orders {
        let line = format!("**{}** {}", page.text(&order.title), page.clause(&order.clause));
        page.item(0, &line);
        page.entry(1, ("适用", "When"), &page.words(&order.when));
        page.entry(1, ("下达", "Given by"), &page.any_role(&order.from));
        if !order.to.is_empty() {
            page.entry(1, ("执行", "Given to"), &page.any_role(&order.to));
        }
        if !order.experts.is_empty() {
            page.item(1, page.say("召集下列领域的专家", "Calls experts in"));
            page.named(2, &order.experts);
        }
        if order.aftermath {
            let says =
                page.say("响应结束后下达，未办结不得归档", "given after the end; archiving waits for it");
            page.item(1, says);
        }
    }
    if let Some(grants) = &page.plan.grants {
        let line = stage_text(page, grants);
        page.entry(0, ("授予操作权限", "Operating permissions are given by"), &line);
    }
}

fn stage_text(page: &Page<'_>, stage: &Stage) -> String {
    format!("{} {}", page.any_role(&stage.by), page.clause(&stage.clause))
}
