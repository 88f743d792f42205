using Rectify.Training;
using Spectre.Console;

namespace Rectify.Cli;

/// <summary>rectify inspect --recipe: every hyper-parameter beside the paper's.</summary>
internal static class RecipeInspection
{
    /// <summary>For people.</summary>
    public static void Print(IAnsiConsole console, TextWriter people, RecipeDraft draft, PaperComparison comparison)
    {
        Table table = Tables.New(["hyper-parameter", "value", "", "where"], []);
        foreach (HyperParameter parameter in comparison.All)
        {
            string origin = parameter.Origin switch
            {
                ValueOrigin.Paper => "the paper's",
                ValueOrigin.Changed => $"changed (the paper: {parameter.Paper})",
                _ => "not stated in the paper",
            };
            table.AddRow(parameter.Name, Markup.Escape(parameter.Value), Markup.Escape(origin), Markup.Escape(parameter.Place));
        }

        console.Write(table);
        int Count(ValueOrigin origin) => comparison.All.Count(parameter => parameter.Origin == origin);
        people.WriteLine(
            $"{draft.Name}, model {draft.Recipe.Model}: {Count(ValueOrigin.Paper)} the paper's, {Count(ValueOrigin.Changed)} changed, "
            + $"{Count(ValueOrigin.NotStated)} not stated in the paper");
    }

    /// <summary>For machines.</summary>
    public static void WriteJson(TextWriter output, RecipeDraft draft, PaperComparison comparison) => JsonLine.Write(output, json =>
    {
        void Numbers(string name, IEnumerable<double> values)
        {
            json.WriteStartArray(name);
            foreach (double value in values)
            {
                json.WriteNumberValue(value);
            }

            json.WriteEndArray();
        }

        Recipe recipe = draft.Recipe;
        json.WriteString("recipe", draft.Name);
        json.WriteString("model", recipe.Model);
        json.WriteNumber("batch", recipe.Training.BatchSize);
        json.WriteNumber("momentum", recipe.Training.Momentum);
        json.WriteNumber("weightDecay", recipe.Training.WeightDecay);
        json.WriteNumber("dropout", recipe.Dropout);
        Numbers("learningRates", comparison.LearningRates);
        json.WriteString("schedule", recipe.Training.Plateau is null ? "fixed" : "plateau");
        json.WriteNumber("scaleMin", comparison.ScaleMin);
        json.WriteNumber("scaleMax", comparison.ScaleMax);
        json.WriteNumber("crop", recipe.Size);
        json.WriteNumber("epochs", recipe.Training.Epochs);
        json.WriteString("init", recipe.Initialization);
        Numbers("fcStd", comparison.FcStds);
        json.WriteStartArray("changed");
        foreach (HyperParameter parameter in comparison.All.Where(parameter => parameter.Origin == ValueOrigin.Changed))
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("value", parameter.Value);
            json.WriteString("paper", parameter.Paper);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notStatedInPaper");
        foreach (HyperParameter parameter in comparison.All.Where(parameter => parameter.Origin == ValueOrigin.NotStated))
        {
            json.WriteStringValue(parameter.Name);
        }

        json.WriteEndArray();
    });
}
