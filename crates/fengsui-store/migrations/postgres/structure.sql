-- Columns, constraints, indices, triggers, rules and policies of a schema: a line each.
SELECT line FROM (
    SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
            AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT 'constraint ' || CAST(CAST(conrelid AS regclass) AS text) || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = CAST(current_schema() AS regnamespace)
    UNION ALL SELECT 'index ' || replace(indexdef, ' ' || schemaname || '.', ' ')
        FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL SELECT 'trigger ' || CAST(CAST(tgrelid AS regclass) AS text) || ' ' || tgname
        FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
        WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND NOT tgisinternal
    UNION ALL SELECT 'rule ' || tablename || ' ' || rulename FROM pg_rules WHERE schemaname = current_schema()
    UNION ALL SELECT 'policy ' || tablename || ' ' || policyname
        FROM pg_policies WHERE schemaname = current_schema()
) AS structure ORDER BY line COLLATE "C"
