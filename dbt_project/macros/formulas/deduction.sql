{%- macro deduction(point, per_violation) -%}
    {#-
        Deduction: full marks, less a fixed part for every violation, down to 0.

        per_violation  what a violation costs, 0..1
        Domain         0 and more; below 0 counts as 0
        Missing        no count, no rate
        Source         deductions for faulty content, after the cleaning classes of fact 30
    -#}
    {{ clip('1 - ' ~ float(per_violation) ~ ' * ' ~ clip(point, 0), 0) }}
{%- endmacro -%}
