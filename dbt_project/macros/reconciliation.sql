{#- Published figures beside computed ones, and the verdict on each. -#}

{%- macro reconciliation() -%}
{#-
    Every published figure of the edition (register published_results) beside the computed one
    of the same key (model report_figures), a row a figure. Computed figures are in the
    register's unit: a share or change of 0.5 is 50 %.

    The verdict, in this order:
      agrees            rounded as printed (half up, to the printed decimals) the figures are
                        equal; a name is the same; a bound (at_least, at_most) is kept
      contradicts       the register says that the document contradicts itself, and the computed
                        figure is what the document's own arithmetic gives instead (implied, to
                        two decimals); the arithmetic is the explanation
      rounding          the difference is no larger than what the rounding of the printed
                        operands, or decimals cut off, explains (rounding_error of the
                        register)
      within_tolerance  it is no larger than the register's tolerance: a demonstration
                        reproduces that figure approximately. A collection of one's own that
                        has the verdict did not reproduce the printed digits
      unknown_input     the register says that the platform does not have what the figure is
                        made of; or it compares with an edition that was not computed
      differs           none of these; also where nothing was computed
-#}
{%- set framework = framework_code() %}
with published as (
    select
        * replace (
            coalesce(indicator_code, '') as indicator_code,
            coalesce(statistic, '') as statistic,
            coalesce(group_name, '') as group_name
        )
    from {{ ref(framework ~ '__published_results') }}
    where framework = '{{ framework }}' and {{ in_this_edition() }}
),

figures as (
    select * from {{ ref(framework ~ '__report_figures') }}
    where {{ in_this_edition() }}
),

known as (
    select count(*) filter (where {{ is_change('statistic') }}) > 0 as change from figures
),

paired as (
    select
        published.*,
        figures.detail as computed_detail,
        case
            when published.value is not null
                then figures.value * case when published.unit = '%' then 100 else 1 end
        end as computed,
        {{ is_change('published.statistic') }} and not known.change as no_previous
    from published
    cross join known
    left join figures
        on published.indicator_code = figures.indicator_code
            and published.statistic = figures.statistic
            and published.group_kind = figures.group_kind
            and published.group_name = figures.group_name
),

compared as (
    select
        *,
        {{ published_number('computed - value') }} as difference,
        {{ printed_units('computed', 'decimals') }} as computed_units,
        {{ printed_units('value', 'decimals') }} as published_units,
        {{ printed_units('computed', 2) }} as computed_hundredths,
        {{ printed_units('implied', 2) }} as implied_hundredths
    from paired
)

select
    '{{ var("edition") }}' as edition,
    fact,
    name,
    value as published,
    {{ published_number('computed') }} as computed,
    difference,
    case
        when computed_detail = detail then 'agrees'
        when comparison = 'at_least' and computed >= value then 'agrees'
        when comparison = 'at_most' and computed <= value then 'agrees'
        when comparison = 'equal' and computed_units = published_units then 'agrees'
        when cause = 'contradicts' and (
            (implied_comparison = 'equal' and computed_hundredths = implied_hundredths)
            or (implied_comparison = 'at_most' and computed_hundredths <= implied_hundredths)
            or (implied_comparison = 'below' and computed_hundredths < implied_hundredths)
        )
            then 'contradicts'
        when abs(difference) <= rounding_error then 'rounding'
        when abs(difference) <= tolerance then 'within_tolerance'
        when cause = 'unknown_input' or no_previous then 'unknown_input'
        else 'differs'
    end as verdict,
    item,
    name_en,
    published as published_text,
    case
        when value is null then computed_detail
        else format('{:.' || decimals || 'f}', computed_units / pow(10, decimals))
            || case when unit = '%' then '%' else '' end
    end as computed_text,
    unit,
    rounding,
    tolerance_kind,
    tolerance,
    implied_comparison,
    implied,
    case
        when cause is null and computed is null and no_previous then '上一届未计算 / the edition before was not computed'
        else arithmetic
    end as explanation,
    indicator_code,
    statistic,
    group_kind,
    group_name,
    source
from compared
{%- endmacro -%}


{%- macro is_change(statistic) -%}
    {#- Condition: the statistic compares with the edition before. -#}
    regexp_full_match({{ statistic }}, '.*_change(_relative)?|gain_over_1_count|from_zero_count|beta(_r2)?')
{%- endmacro -%}


{%- macro printed_units(value, decimals) -%}
    {#- The number in units of the last printed decimal, rounded half away from zero as a
        person rounds the decimal number, whatever its float64: 2.675 to two decimals is 268. -#}
    cast(round({{ published_number(value ~ ' * pow(10, ' ~ decimals ~ ')') }}) as bigint)
{%- endmacro -%}
